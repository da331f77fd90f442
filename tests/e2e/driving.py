"""What the journeys share: sizes, how one logs in, what a page complains about, photos to send."""

import io
import os
from pathlib import Path
from random import Random

from PIL import Image, ImageDraw
from playwright.sync_api import Page

ROOT = Path(__file__).resolve().parents[2]
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
CHROMIUM = os.environ.get("WUYOU_CHROMIUM", "/usr/bin/chromium")
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
DESK = {"width": 1366, "height": 768}
PHONE = {"width": 390, "height": 844}
PASSWORD = "Wuyou-2026"
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
PATIENCE = 15_000  # ms; a busy machine is not a defect


def listen(page: Page, complaints: list[str]) -> None:
    """Note what the page complains about; a form sent back (422) is an answer, not a complaint."""
    page.on(
        "console",
        lambda line: (
            complaints.append(f"{page.url}: {line.text}") if line.type == "error" and "422" not in line.text else None
        ),
    )
    page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))


def enter(page: Page, login: str, password: str = PASSWORD) -> None:
    """Fill the form at the door and send it."""
    page.locator("[name='login']").fill(login)
    page.locator("[name='password']").fill(password)
    page.locator("form.form button.primary").click()


def violations(page: Page) -> list[tuple[str, list[str]]]:
    """What axe finds wrong: rule and places."""
    page.evaluate(AXE.read_text(encoding="utf8"))
    found = page.evaluate("rules => axe.run(document, rules)", RULES)["violations"]
    return [(rule["id"], [node["html"][:140] for node in rule["nodes"][:3]]) for rule in found]


def shot(seed: int) -> dict[str, object]:
    """A photo as a phone sends it; each looks different."""
    chance = Random(seed)
    image = Image.new("RGB", (1024, 768), tuple(chance.randint(60, 220) for _ in range(3)))
    draw = ImageDraw.Draw(image)
    for _ in range(60):
        x, y = chance.randint(0, 1000), chance.randint(0, 740)
        colour = tuple(chance.randint(0, 255) for _ in range(3))
        draw.rectangle([x, y, x + chance.randint(20, 300), y + chance.randint(20, 200)], fill=colour)
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=85)
    return {"name": f"IMG_{seed}.jpg", "mimeType": "image/jpeg", "buffer": buffer.getvalue()}
