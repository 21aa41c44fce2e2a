//! What a user does with a page: open it, find something, click, type, draw, look.

use std::fs;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, anyhow, bail};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use tempfile::TempDir;

use super::driver::Driver;
use crate::interrupt;

const POLL: Duration = Duration::from_millis(50);
/// The key under which an element's id is sent, by the specification.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";
/// How long a drawn line takes from one point to the next, in milliseconds: about as fast as a hand.
const STROKE: u32 = 20;

/// A browser with one page. It ends when it is dropped.
pub struct Browser {
    driver: Driver,
    _profile: TempDir,
}

/// Something on the page.
#[derive(Clone, Debug)]
pub struct Element(String);

impl Browser {
    /// A browser whose page is so many CSS pixels large.
    pub fn start(width: u32, height: u32) -> Result<Self> {
        let profile = tempfile::tempdir().context("failed to create a folder for the browser")?;
        let arguments = [
            "--headless=new".to_owned(),
            // The sandbox cannot be set up by root, and the pages are our own.
            "--no-sandbox".to_owned(),
            // Small in containers, where the browser would crash.
            "--disable-dev-shm-usage".to_owned(),
            "--no-proxy-server".to_owned(),
            "--disable-background-networking".to_owned(),
            "--disable-component-update".to_owned(),
            format!("--user-data-dir={}", profile.path().display()),
            format!("--window-size={width},{height}"),
        ];
        let driver = Driver::start(&arguments, profile.path()).context("failed to start a browser")?;
        Ok(Self {
            driver,
            _profile: profile,
        })
    }

    /// Loads the page at `url`.
    pub fn open(&self, url: &str) -> Result<()> {
        self.post("/url", &json!({"url": url}))
            .map(drop)
            .with_context(|| format!("failed to open {url}"))
    }

    /// The first element that a CSS selector finds, waited for.
    pub fn find(&self, selector: &str, patience: Duration) -> Result<Element> {
        self.until(patience, || {
            let found = self.post("/element", &json!({"using": "css selector", "value": selector}))?;
            let id = found[ELEMENT]
                .as_str()
                .ok_or_else(|| anyhow!("no element: {found}"))?;
            Ok(Element(id.to_owned()))
        })
        .with_context(|| format!("there is no {selector:?} on the page"))
    }

    /// Goes into the frame that an element is, or back to the page.
    pub fn enter(&self, frame: Option<&Element>) -> Result<()> {
        let id = frame.map_or(Value::Null, Element::reference);
        self.post("/frame", &json!({"id": id})).map(drop)
    }

    /// Clicks into the middle of an element.
    pub fn click(&self, element: &Element) -> Result<()> {
        self.post(&format!("/element/{}/click", element.0), &json!({}))
            .map(drop)
    }

    /// Types into an element; into one for files, the path of the file to upload.
    pub fn type_into(&self, element: &Element, text: &str) -> Result<()> {
        let path = format!("/element/{}/value", element.0);
        self.post(&path, &json!({"text": text})).map(drop)
    }

    /// The text that the page shows.
    pub fn text(&self) -> Result<String> {
        let text = self.script("return document.body.innerText", &json!([]))?;
        Ok(text.as_str().unwrap_or_default().to_owned())
    }

    /// What a script returns; its arguments are `arguments[0]` and so on.
    pub fn script(&self, script: &str, arguments: &Value) -> Result<Value> {
        self.post("/execute/sync", &json!({"script": script, "args": arguments}))
    }

    /// Draws with the mouse, from point to point; each point is an offset from the middle of the element.
    pub fn draw(&self, element: &Element, points: &[(i32, i32)]) -> Result<()> {
        let go = |&(x, y): &(i32, i32), duration: u32| json!({"type": "pointerMove", "duration": duration, "origin": element.reference(), "x": x, "y": y});
        let Some((first, rest)) = points.split_first() else {
            return Ok(());
        };
        let mut actions = vec![go(first, 0), json!({"type": "pointerDown", "button": 0})];
        actions.extend(rest.iter().map(|point| go(point, STROKE)));
        actions.push(json!({"type": "pointerUp", "button": 0}));
        let mouse = json!({"type": "pointer", "id": "mouse", "parameters": {"pointerType": "mouse"}, "actions": actions});
        self.post("/actions", &json!({"actions": [mouse]})).map(drop)
    }

    /// Makes the page so many CSS pixels large, also smaller than a window may be.
    pub fn resize(&self, width: u32, height: u32) -> Result<()> {
        let metrics =
            json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600});
        let command = json!({"cmd": "Emulation.setDeviceMetricsOverride", "params": metrics});
        self.post("/goog/cdp/execute", &command).map(drop)
    }

    /// Writes what the page shows as a PNG.
    pub fn screenshot(&self, path: &Path) -> Result<()> {
        let picture = self.driver.call("GET", "/screenshot", &Value::Null)?;
        let picture = STANDARD
            .decode(picture.as_str().unwrap_or_default())
            .context("the browser gave no picture")?;
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).with_context(|| format!("failed to create {}", folder.display()))?;
        }
        fs::write(path, picture).with_context(|| format!("failed to write {}", path.display()))
    }

    /// Time from the beginning of the page's load to the first content on it.
    pub fn first_paint(&self, patience: Duration) -> Result<Duration> {
        let script = "const [paint] = performance.getEntriesByName('first-contentful-paint'); \
                      return paint ? paint.startTime : null";
        self.until(patience, || {
            let milliseconds = self.script(script, &json!([]))?;
            let milliseconds = milliseconds
                .as_f64()
                .ok_or_else(|| anyhow!("the page shows nothing"))?;
            Ok(Duration::from_secs_f64(milliseconds / 1_000.0))
        })
    }

    /// Tries until it succeeds; the last failure, if that does not come in time.
    pub fn until<T>(&self, patience: Duration, mut attempt: impl FnMut() -> Result<T>) -> Result<T> {
        let started = Instant::now();
        loop {
            let error = match attempt() {
                Ok(value) => return Ok(value),
                Err(error) => error,
            };
            interrupt::check()?;
            if started.elapsed() > patience {
                let page = self.text().unwrap_or_default();
                bail!("{error:#}; after {} s the page says:\n{page}", patience.as_secs());
            }
            thread::sleep(POLL);
        }
    }

    fn post(&self, path: &str, body: &Value) -> Result<Value> {
        self.driver.call("POST", path, body)
    }
}

impl Element {
    fn reference(&self) -> Value {
        json!({ELEMENT: self.0})
    }
}
