"""Calibration: whether what is said with 80 % is right 8 times in 10."""

import numpy as np
import numpy.typing as npt

TENTHS = 10


def calibration_error(said: npt.NDArray[np.float64], true: npt.NDArray[np.bool_]) -> float:
    """Expected calibration error over ten bins of equal width (Naeini et al. 2015)."""
    return sum(
        abs(mean - share) * count / len(said) for mean, share, count in reliability(said, true)
    )


def reliability(
    said: npt.NDArray[np.float64], true: npt.NDArray[np.bool_]
) -> list[tuple[float, float, int]]:
    """For each tenth of probabilities that occurs: their mean, how many came true, their count."""
    tenth = np.clip((said * TENTHS).astype(int), 0, TENTHS - 1)
    return [
        (float(said[tenth == k].mean()), float(true[tenth == k].mean()), int((tenth == k).sum()))
        for k in range(TENTHS)
        if (tenth == k).any()
    ]


def print_reliability(
    title: str, said: npt.NDArray[np.float64], true: npt.NDArray[np.bool_]
) -> None:
    print(f"{title}: said, true, pairs; expected calibration error "
          f"{calibration_error(said, true):.3f}")  # fmt: skip
    for mean, share, count in reliability(said, true):
        print(f"  {mean:.2f}  {share:.2f}  {count}")
