"""Digits as people draw them: lines through points, never twice the same."""

import numpy as np
from PIL import Image, ImageDraw

Line = list[tuple[float, float]]
LINES: dict[int, list[Line]] = {
    0: [[(50, 5), (25, 15), (15, 50), (25, 85), (50, 95), (75, 85), (85, 50), (75, 15), (50, 5)]],
    1: [[(50, 5), (50, 95)]],
    2: [[(20, 25), (35, 8), (60, 5), (78, 22), (75, 40), (50, 65), (20, 95), (85, 95)]],
    3: [[(20, 15), (50, 5), (75, 20), (70, 40), (45, 48), (75, 55), (80, 80), (50, 95), (20, 85)]],
    4: [[(55, 5), (15, 60), (85, 60)], [(65, 35), (65, 95)]],
    5: [[(80, 5), (25, 5), (22, 45), (55, 40), (80, 60), (75, 88), (45, 95), (18, 85)]],
    6: [[(70, 5), (35, 30), (20, 65), (30, 92), (60, 95), (78, 75), (65, 55), (40, 55), (22, 72)]],
    7: [[(15, 5), (85, 5), (45, 95)]],
    8: [[(50, 48), (25, 30), (35, 8), (65, 8), (75, 30), (50, 48), (22, 72), (35, 95), (65, 95), (78, 72), (50, 48)]],
    9: [[(78, 30), (60, 50), (30, 45), (22, 25), (40, 5), (65, 5), (78, 30), (72, 65), (55, 95)]],
}
SIDE = 280


def draw(digit: int, random: np.random.Generator) -> Image.Image:
    """Draw black on white: with an unsteady hand, turned, slanted, wide or tall, anywhere, with any pen."""
    picture = Image.new("L", (SIDE, SIDE), 255)
    canvas = ImageDraw.Draw(picture)
    pen = int(random.integers(8, 26))
    angle, slant = random.uniform(-0.15, 0.15), random.uniform(-0.3, 0.3)
    turned = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    slanted = np.array([[1, slant], [0, 1]])
    stretched = np.diag(random.uniform(1, 2.2, 2))
    matrix = turned @ slanted @ stretched
    moved = random.uniform(-20, 20, 2) + SIDE / 2
    for line in LINES[digit]:
        unsteady = np.array(line) - 50 + random.normal(0, 3, (len(line), 2))
        points = [(float(x), float(y)) for x, y in unsteady @ matrix.T + moved]
        canvas.line(points, fill=0, width=pen, joint="curve")
        for x, y in (points[0], points[-1]):
            canvas.circle((x, y), pen / 2, fill=0)
    return picture
