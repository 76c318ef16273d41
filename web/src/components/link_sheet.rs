//! "Open this link?": where it really leads, before the browser goes there.

use text::Host;
use yew::prelude::*;

use super::button::Weight;
use super::copy_button::{Copies, CopyButton};
use super::icon::{Glyph, icon};
use super::sheet::{Place, Sheet};
use crate::words::rich;

/// What [`LinkSheet`] takes.
#[derive(Clone, PartialEq, Properties)]
pub struct LinkSheetProps {
    /// The address.
    pub href: AttrValue,
    /// Its host.
    pub host: Host,
    /// It asks to be closed.
    pub onclose: Callback<()>,
}

/// The sheet.
#[component]
pub fn LinkSheet(props: &LinkSheetProps) -> Html {
    let words = rich();
    let host = &props.host;
    let is_mail = props.href.starts_with("mailto:");
    let onclick = props.onclose.reform(|_: MouseEvent| ());
    html! {
        <Sheet title={words.link_title} place={Place::Middle} onclose={props.onclose.clone()}>
            <div class="link-sheet">
                <p class="link-leads">
                    { if is_mail { words.link_mail } else { words.link_leads } }
                    <bdi class="link-host">{ &host.unicode }</bdi>
                </p>
                if host.punycode != host.unicode {
                    <p class="link-leads">
                        { words.link_punycode }
                        <bdi class="link-host is-code">{ &host.punycode }</bdi>
                    </p>
                }
                if host.mismatch {
                    <p class="link-alarm">{ icon(Glyph::Warning) }<span>{ words.link_warn_mismatch }</span></p>
                }
                if host.confusable {
                    <p class="link-alarm">{ icon(Glyph::Warning) }<span>{ words.link_warn_confusable }</span></p>
                }
                <p class="link-leads small">
                    { words.link_address }
                    <bdi class="link-address" tabindex="0">{ props.href.clone() }</bdi>
                </p>
                if !is_mail {
                    <p class="small muted">{ words.link_note }</p>
                }
                <div class="link-actions">
                    <a class="button button-primary" href={props.href.clone()} target="_blank" rel="noopener noreferrer nofollow" {onclick}>
                        <span class="button-text">{ words.link_open }</span>
                    </a>
                    <CopyButton weight={Weight::Plain} copies={Copies::Text(props.href.clone())} label={words.link_copy} />
                </div>
            </div>
        </Sheet>
    }
}
