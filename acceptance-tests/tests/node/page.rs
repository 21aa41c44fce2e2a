//! A page that recognises digits, as a visitor uses it.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use serde_json::json;
use xtask::browser::{Browser, Element};

/// A page that does not react within it is broken.
const PATIENCE: Duration = Duration::from_secs(20);
const LAPTOP: (u32, u32) = (1280, 900);
const PHONE: (u32, u32) = (390, 844);

/// How an application shows what all of them have.
pub(crate) struct Face {
    /// Finds the ways to give a digit: `Draw` and `Upload`.
    ways: &'static str,
    /// An expression that finds the prediction.
    prediction: &'static str,
}

/// The quickstart's.
pub(crate) const QUICKSTART: Face = Face {
    ways: "[data-testid=stRadio] label",
    prediction: "[...document.querySelectorAll('[data-testid=stMetric]')]
        .find(metric => metric.innerText.startsWith('Prediction'))?.querySelector('[data-testid=stMetricValue]')",
};
/// The pipeline's.
pub(crate) const PIPELINE: Face = Face {
    ways: "[data-testid=stButtonGroup] button",
    prediction: "document.querySelector('.prediction .digit')",
};

/// A visitor before the page.
pub(crate) struct Page {
    browser: Browser,
    face: Face,
}

impl Page {
    /// Opens the page.
    pub(crate) fn open(url: &str, face: Face) -> Result<Self> {
        let (width, height) = LAPTOP;
        let browser = Browser::start(width, height)?;
        browser.open(url)?;
        let page = Self { browser, face };
        let greeting = "Draw a digit from 0 to 9";
        page.wait_until_it_says(greeting).or_else(|_| {
            // See `canvas`: the page stays white where the first of its code was lost.
            page.reload()?;
            page.wait_until_it_says(greeting)
        })?;
        Ok(page)
    }

    /// What the page takes an uploaded file for; or, if it is no picture of a digit, what the page says of it.
    pub(crate) fn upload(&self, file: &Path) -> Result<String> {
        self.choose("Upload")?;
        let input = self.browser.find("input[type=file]", PATIENCE)?;
        self.browser.type_into(&input, &file.to_string_lossy())?;
        let answer = self
            .answer()
            .with_context(|| format!("after the upload of {}", file.display()))?;
        let remove = self
            .browser
            .find("[data-testid=stFileChipDeleteBtn] button", PATIENCE)?;
        self.browser.click(&remove)?;
        // The next answer must not be taken for this one.
        self.wait_until_it_says("Draw a digit from 0 to 9")?;
        Ok(answer)
    }

    /// What the page takes a line of the mouse for, from point to point, counted from the middle of the canvas.
    pub(crate) fn draw(&self, points: &[(i32, i32)]) -> Result<String> {
        self.choose("Draw")?;
        let canvas = self.canvas()?;
        self.browser.draw(&canvas, points)?;
        self.answer()
    }

    /// What is drawn on. The page loads the code of it when it is needed, and Streamlit does not ask again for what was lost
    /// on the way, as happens on a machine that is out of breath: then a visitor loads the page again, once.
    fn canvas(&self) -> Result<Element> {
        let canvas = || self.browser.find(".digit-canvas canvas", PATIENCE);
        canvas().or_else(|problem| {
            if !self
                .browser
                .text()?
                .contains("Failed to fetch dynamically imported module")
            {
                return Err(problem);
            }
            self.reload()?;
            self.choose("Draw")?;
            canvas()
        })
    }

    fn reload(&self) -> Result<()> {
        self.browser.script("location.reload()", &json!([])).map(drop)
    }

    /// Pictures of the page as it is on a laptop and on a phone: `NAME-laptop.png` and `NAME-phone.png`.
    pub(crate) fn photograph(&self, folder: &Path, name: &str) -> Result<()> {
        for ((width, height), device) in [(PHONE, "phone"), (LAPTOP, "laptop")] {
            self.browser.resize(width, height)?;
            // Nothing is cut off at the side: a phone scrolls down, not across.
            self.browser.until(PATIENCE, || {
                let script = "const app = document.querySelector('[data-testid=stApp]');
                    return app.dataset.testScriptState == 'notRunning'
                        && document.documentElement.scrollWidth <= window.innerWidth";
                ensure!(
                    self.browser.script(script, &json!([]))? == true,
                    "the page is not at rest, or wider than a {device}"
                );
                Ok(())
            })?;
            self.browser
                .screenshot(&folder.join(format!("{name}-{device}.png")))?;
        }
        Ok(())
    }

    /// Waits until the page is connected to a replica.
    pub(crate) fn wait_until_connected(&self) -> Result<()> {
        self.browser.until(Duration::from_mins(1), || {
            let script = "return document.querySelector('[data-testid=stApp]').dataset.testConnectionState";
            let state = self.browser.script(script, &json!([]))?;
            ensure!(state == "CONNECTED", "the page is {state}");
            Ok(())
        })
    }

    /// Opens another part of the application, and waits until it shows what is found by `shown`.
    pub(crate) fn go(&self, url: &str, shown: &str) -> Result<()> {
        self.browser.open(url)?;
        self.browser.find(shown, PATIENCE).map(drop)
    }

    fn choose(&self, way: &str) -> Result<()> {
        let script = "const ways = [...document.querySelectorAll(arguments[0])];
            const way = ways.find(way => way.innerText.trim() == arguments[1]);
            way?.click();
            return way != null";
        self.browser.until(PATIENCE, || {
            let found = self.browser.script(script, &json!([self.face.ways, way]))?;
            ensure!(found == true, "there is no way {way:?}");
            Ok(())
        })
    }

    /// The prediction, or the error that stands in its place.
    fn answer(&self) -> Result<String> {
        let script = format!(
            "const app = document.querySelector('[data-testid=stApp]');
            if (app.dataset.testScriptState != 'notRunning') return null;
            const error = document.querySelector('[data-testid=stAlertContentError]');
            return (error ?? {})?.innerText",
            self.face.prediction
        );
        self.browser.until(PATIENCE, || {
            let answer = self.browser.script(&script, &json!([]))?;
            let answer = answer.as_str().context("the page has no answer")?;
            Ok(answer.trim().to_owned())
        })
    }

    fn wait_until_it_says(&self, text: &str) -> Result<()> {
        self.browser.until(PATIENCE, || {
            ensure!(
                self.browser.text()?.contains(text),
                "the page should say {text:?}"
            );
            Ok(())
        })
    }
}
