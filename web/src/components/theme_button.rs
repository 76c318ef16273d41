//! Light, dark, or as the system says: one button that goes round.

use yew::prelude::*;

use super::icon::Glyph;
use super::icon_button::IconButton;
use crate::contexts::Dispatch;
use crate::shared::Shared;
use crate::state::{Action, Settings, Theme};
use crate::words::words;

/// The button.
#[component]
pub fn ThemeButton() -> Html {
    let words = words();
    let dispatch = use_context::<Dispatch>();
    let theme = use_context::<Shared<Settings>>().unwrap_or_default().theme;
    let (glyph, label) = match theme {
        Theme::System => (Glyph::Auto, words.theme_system),
        Theme::Light => (Glyph::Sun, words.theme_light),
        _ => (Glyph::Moon, words.theme_dark),
    };
    let onclick = Callback::from(move |_: MouseEvent| {
        if let Some(dispatch) = &dispatch {
            dispatch.dispatch(Action::SetTheme(theme.next()));
        }
    });
    html! { <IconButton {glyph} {label} {onclick} /> }
}
