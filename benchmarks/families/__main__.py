import sys

from benchmarks.families import judge
from benchmarks.families.digests import judge_digests
from benchmarks.families.hard import judge_calibration, judge_hard
from benchmarks.families.mixed import judge_mixed, judge_reuters
from benchmarks.families.releases import judge_releases

if __name__ == "__main__":
    judge()
    judge_hard()
    judge_calibration()
    judge_releases()
    judge_digests()
    if "--mixed" in sys.argv:
        judge_mixed()
    if "--reuters" in sys.argv:
        judge_reuters()
