import sys

from benchmarks.families import judge, judge_unseen
from benchmarks.families.digests import judge_digests
from benchmarks.families.hard import judge_calibration, judge_hard
from benchmarks.families.mixed import judge_mixed, judge_reuters

if __name__ == "__main__":
    judge()
    judge_hard()
    judge_calibration()
    judge_digests()
    if "--unseen" in sys.argv:
        judge_unseen()
    if "--mixed" in sys.argv:
        judge_mixed()
    if "--reuters" in sys.argv:
        judge_reuters()
