//! The quickstart's page as a visitor uses it.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use serde_json::json;
use xtask::browser::Browser;

/// A page that does not react within it is broken.
const PATIENCE: Duration = Duration::from_secs(20);
const LAPTOP: (u32, u32) = (1280, 900);
const PHONE: (u32, u32) = (390, 844);

/// A visitor before the page.
pub(crate) struct Page {
    browser: Browser,
}

impl Page {
    /// Opens the page.
    pub(crate) fn open(url: &str) -> Result<Self> {
        let (width, height) = LAPTOP;
        let browser = Browser::start(width, height)?;
        browser.open(url)?;
        let page = Self { browser };
        page.wait_until_it_says("Draw a digit from 0 to 9")?;
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
        let canvas = self.browser.find(".digit-canvas canvas", PATIENCE)?;
        self.browser.draw(&canvas, points)?;
        self.answer()
    }

    /// Pictures of the page as it is on a laptop and on a phone: `NAME-laptop.png` and `NAME-phone.png`.
    pub(crate) fn photograph(&self, folder: &Path, name: &str) -> Result<()> {
        for ((width, height), device) in [(PHONE, "phone"), (LAPTOP, "laptop")] {
            self.browser.resize(width, height)?;
            // Nothing is cut off at the side: a phone scrolls down, not across.
            self.browser.until(PATIENCE, || {
                let script = "return document.documentElement.scrollWidth <= window.innerWidth";
                ensure!(
                    self.browser.script(script, &json!([]))? == true,
                    "the page is wider than a {device}"
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

    fn choose(&self, way: &str) -> Result<()> {
        let script = "const labels = [...document.querySelectorAll('[data-testid=stRadio] label')];
            const label = labels.find(label => label.innerText.trim() == arguments[0]);
            label?.click();
            return label != null";
        self.browser.until(PATIENCE, || {
            ensure!(
                self.browser.script(script, &json!([way]))? == true,
                "there is no choice {way:?}"
            );
            Ok(())
        })
    }

    /// The prediction, or the error that stands in its place.
    fn answer(&self) -> Result<String> {
        let script = "const app = document.querySelector('[data-testid=stApp]');
            if (app.dataset.testScriptState != 'notRunning') return null;
            const error = document.querySelector('[data-testid=stAlertContentError]');
            if (error) return error.innerText;
            const metrics = [...document.querySelectorAll('[data-testid=stMetric]')];
            const metric = metrics.find(metric => metric.innerText.startsWith('Prediction'));
            return metric ? metric.querySelector('[data-testid=stMetricValue]').innerText : null";
        self.browser.until(PATIENCE, || {
            let answer = self.browser.script(script, &json!([]))?;
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
