//! A QR code, made on the device and drawn as one path.

use std::fmt::Write as _;

use qrcode::{Color, EcLevel, QrCode};
use yew::prelude::*;

use crate::words::words;

/// What [`Qr`] takes.
#[derive(Clone, PartialEq, Properties)]
pub struct QrProps {
    /// What it says.
    pub text: AttrValue,
}

/// A QR code. Always dark on white, in both themes: that is what cameras read best.
#[component]
pub fn Qr(props: &QrProps) -> Html {
    let drawing = use_memo(props.text.clone(), |text| draw(text));
    let Some((side, path)) = drawing.as_ref() else {
        return Html::default();
    };
    html! {
        <div class="qr">
            <svg viewBox={format!("0 0 {side} {side}")} role="img" aria-label={words().share_qr_label} shape-rendering="crispEdges">
                <path class="qr-dark" d={path.clone()} />
            </svg>
        </div>
    }
}

/// The side in modules and the dark modules as a path; `None` if the text is too long.
fn draw(text: &str) -> Option<(usize, String)> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M).ok()?;
    let side = code.width();
    let mut path = String::new();
    for (index, color) in code.to_colors().into_iter().enumerate() {
        if color == Color::Dark {
            let _ = write!(path, "M{} {}h1v1h-1z", index % side, index / side);
        }
    }
    Some((side, path))
}

#[cfg(test)]
mod tests {
    use super::draw;

    #[test]
    fn a_link_fits_and_its_corner_is_dark() {
        let (side, path) = draw("https://example.org/#/r/maple-orbit-tulip-canyon-velvet").unwrap();
        assert!(side >= 25);
        assert!(path.starts_with("M0 0h1v1h-1z"));
    }

    #[test]
    fn a_text_that_no_code_can_hold_draws_nothing() {
        assert!(draw(&"x".repeat(8_000)).is_none());
    }
}
