//! The pipeline's application as a visitor uses it.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use serde_json::json;
use xtask::browser::Browser;

/// A page that does not react within it is broken.
const PATIENCE: Duration = Duration::from_secs(30);
const LAPTOP: (u32, u32) = (1280, 900);
const PHONE: (u32, u32) = (390, 844);
const INVITATION: &str = "Draw a digit from 0 to 9";
/// What each tab shows when it shows what it is for.
const TABS: [(&str, &str); 4] = [
    ("Predict", ".digit-canvas canvas"),
    ("Batches", "table.batches"),
    ("Runs", "ul.runs li"),
    ("Model", "[data-testid=stApp]"),
];

/// A visitor before the page.
pub(crate) struct Visitor {
    browser: Browser,
    url: String,
}

impl Visitor {
    /// Opens the page.
    pub(crate) fn open(url: &str) -> Result<Self> {
        let (width, height) = LAPTOP;
        let browser = Browser::start(width, height)?;
        browser.open(url)?;
        let visitor = Self {
            browser,
            url: url.to_owned(),
        };
        visitor.wait_until_it_says(INVITATION)?;
        Ok(visitor)
    }

    /// What the page takes a line of the mouse for, from point to point, counted from the middle of the canvas.
    pub(crate) fn draw(&self, points: &[(i32, i32)]) -> Result<String> {
        let canvas = self.browser.find(".digit-canvas canvas", PATIENCE)?;
        self.browser.draw(&canvas, points)?;
        self.answer()
    }

    /// What the page takes uploaded files for, one after the other.
    pub(crate) fn upload(&self, files: &[impl AsRef<Path>]) -> Result<Vec<String>> {
        self.browser.until(PATIENCE, || {
            let script =
                "const buttons = [...document.querySelectorAll('[data-testid=stButtonGroup] button')];
                const button = buttons.find(button => button.innerText.trim() == 'Upload');
                button?.click();
                return button != null";
            ensure!(
                self.browser.script(script, &json!([]))? == true,
                "there is no way to upload"
            );
            Ok(())
        })?;
        let upload = |file: &Path| {
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
            self.wait_until_it_says(INVITATION)?;
            Ok(answer)
        };
        files.iter().map(|file| upload(file.as_ref())).collect()
    }

    /// Pictures of every tab, as it is on a laptop and on a phone: `NAME-TAB-laptop.png` and `NAME-TAB-phone.png`.
    pub(crate) fn photograph(&self, folder: &Path, name: &str) -> Result<()> {
        for (tab, shown) in TABS {
            for ((width, height), device) in [(PHONE, "phone"), (LAPTOP, "laptop")] {
                self.browser.resize(width, height)?;
                self.browser.open(&format!("{}/?tab={tab}", self.url))?;
                self.browser.find(shown, PATIENCE)?;
                // Nothing is cut off at the side: a phone scrolls down, not across.
                self.browser.until(PATIENCE, || {
                    let script = "const app = document.querySelector('[data-testid=stApp]');
                        return app.dataset.testScriptState == 'notRunning'
                            && document.documentElement.scrollWidth <= window.innerWidth";
                    ensure!(
                        self.browser.script(script, &json!([]))? == true,
                        "{tab} does not fit a {device}"
                    );
                    Ok(())
                })?;
                let file = format!("{name}-{}-{device}.png", tab.to_lowercase());
                self.browser.screenshot(&folder.join(file))?;
            }
        }
        Ok(())
    }

    /// The prediction, or the message that stands in its place.
    fn answer(&self) -> Result<String> {
        let script = "const app = document.querySelector('[data-testid=stApp]');
            if (app.dataset.testScriptState != 'notRunning') return null;
            const digit = document.querySelector('.prediction .digit');
            const alert = document.querySelector('[data-testid=stAlertContentError]');
            return (digit ?? alert)?.innerText";
        self.browser.until(PATIENCE, || {
            let answer = self.browser.script(script, &json!([]))?;
            let answer = answer.as_str().context("the page has no answer")?;
            Ok(answer.trim().to_owned())
        })
    }

    fn wait_until_it_says(&self, text: &str) -> Result<()> {
        self.browser.until(PATIENCE, || {
            let said = self.browser.text()?;
            ensure!(
                said.contains(text),
                "the page should say {text:?}, and says {said:?}"
            );
            Ok(())
        })
    }
}
