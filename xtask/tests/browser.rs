//! The browser as a user of a page, before a page of its own.

use std::time::Duration;

use anyhow::Result;
use serde_json::json;
use xtask::browser::Browser;

const PATIENCE: Duration = Duration::from_secs(10);
const PAGE: &str = "data:text/html,<h1>Hello</h1><input type=file><button onclick=\"document.title='clicked'\">Go</button>\
    <canvas width=200 height=200 style='background:silver'></canvas>\
    <script>moves=0;document.querySelector('canvas').onpointermove=e=>{if(e.buttons)moves++}</script>";

#[test]
fn a_page_is_read_clicked_drawn_on_and_photographed() -> Result<()> {
    let browser = Browser::start(800, 600)?;
    browser.open(PAGE)?;
    assert_eq!(browser.text()?.lines().next(), Some("Hello"));
    assert!(browser.first_paint(PATIENCE)? < PATIENCE);

    browser.click(&browser.find("button", PATIENCE)?)?;
    assert_eq!(browser.script("return document.title", &json!([]))?, "clicked");

    let canvas = browser.find("canvas", PATIENCE)?;
    browser.draw(&canvas, &[(-50, -50), (0, 0), (50, 50)])?;
    let moves = browser.script("return moves", &json!([]))?;
    assert!(moves.as_u64().is_some_and(|moves| moves >= 2), "{moves}");

    let folder = tempfile::tempdir()?;
    let file = folder.path().join("upload.txt");
    std::fs::write(&file, "content")?;
    let input = browser.find("input", PATIENCE)?;
    browser.type_into(&input, &file.to_string_lossy())?;
    let name = browser.script("return document.querySelector('input').files[0].name", &json!([]))?;
    assert_eq!(name, "upload.txt");

    browser.resize(390, 844)?;
    let picture = folder.path().join("new/picture.png");
    browser.screenshot(&picture)?;
    let bytes = std::fs::read(&picture)?;
    let width = bytes
        .get(16..20)
        .and_then(|width| width.try_into().ok())
        .map(u32::from_be_bytes);
    assert_eq!((&bytes[1..4], width), (&b"PNG"[..], Some(390)));
    Ok(())
}

#[test]
fn what_is_not_on_the_page_is_named_with_what_is() -> Result<()> {
    let browser = Browser::start(800, 600)?;
    browser.open(PAGE)?;
    let error = browser
        .find("#absent", Duration::from_millis(100))
        .map_err(|error| format!("{error:#}"));
    let error = error.err().unwrap_or_default();
    assert!(error.contains("#absent") && error.contains("Hello"), "{error}");
    Ok(())
}
