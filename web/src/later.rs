//! What an ordinary conversation does without: the second part of the app (`docs/adr/0019-the-app-in-two-parts.md`).
//!
//! It is fetched once a room is open, or as soon as something in it is asked for. What is drawn through a function of this
//! module, and used nowhere else, is in the second part with everything that only it needs. A build without the feature
//! `split` has everything in one piece.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use gloo_timers::future::TimeoutFuture;
use text::{Filters, Node, Rendered, render_plain};
use yew::prelude::*;

use crate::components::asked_sheet::{AskedSheet, AskedSheetProps};
use crate::components::attach_sheet::{AttachSheet, AttachSheetProps};
use crate::components::bot_choice::{BotChoice, BotChoiceProps};
use crate::components::button::{Button, Weight};
use crate::components::demo_sheet::{DemoSheet, DemoSheetProps};
use crate::components::drawer::{Drawer, DrawerProps};
use crate::components::emoji_panel::{EmojiPanel, EmojiPanelProps};
use crate::components::ended_screen::{EndedScreen, EndedScreenProps};
use crate::components::explain_sheet::{ExplainSheet, ExplainSheetProps};
use crate::components::export_sheet::{ExportSheet, ExportSheetProps};
use crate::components::file_card::{FileCard, FileCardProps};
use crate::components::help_sheet::{HelpSheet, HelpSheetProps};
use crate::components::invite_sheet::{InviteSheet, InviteSheetProps};
use crate::components::key_changed::{KeyChanged, KeyChangedProps};
use crate::components::leap_sheet::{LeapSheet, LeapSheetProps};
use crate::components::leap_strip::{LeapStrip, LeapStripProps};
use crate::components::link_sheet::{LinkSheet, LinkSheetProps};
use crate::components::link_trouble_screen::{LinkTroubleScreen, LinkTroubleScreenProps};
use crate::components::message_marks::{EditedMark, EditedMarkProps};
use crate::components::message_menu::{MessageMenu, MessageMenuProps};
use crate::components::more_sheet::{MoreSheet, MoreSheetProps};
use crate::components::person_powers::{PersonPowers, PersonPowersProps};
use crate::components::quote_view::{QuoteView, QuoteViewProps};
use crate::components::reactions_row::{ReactionsRow, ReactionsRowProps};
use crate::components::rename_form::{RenameForm, RenameFormProps};
use crate::components::rich_nodes::draw_rich;
use crate::components::room_card::{CardSheet, CardSheetProps};
use crate::components::search_sheet::{SearchSheet, SearchSheetProps};
use crate::components::secret_doubt::{SecretDoubt, SecretDoubtProps};
use crate::components::settings_sheet::{SettingsSheet, SettingsSheetProps};
use crate::components::suggestion_list::{SuggestionList, SuggestionListProps};
use crate::handle::{FileCommand, LeapCommand};
use crate::shell::Shell;
use crate::words::words;

/// How long an open room is left alone before the rest is fetched, so that the first words come first.
const QUIET: u32 = 1_500;

macro_rules! parts {
    ($($place:ident $name:ident: $component:ident($props:ident);)*) => {
        /// How everything in the second part is reached.
        pub(crate) struct Parts {
            $($name: fn(&$props) -> Html,)*
            /// What is done with files.
            pub(crate) run_file: fn(&Rc<Shell>, FileCommand),
            /// What is done about moving to a fresh room,
            pub(crate) run_leap: fn(&Rc<Shell>, LeapCommand),
            /// what becomes of its letters,
            pub(crate) watch_leap: fn(&Rc<Shell>, Vec<u32>, bool),
            /// and the next room in place of the one that is over.
            pub(crate) move_on: fn(&Rc<Shell>),
            /// Makes a message safe that may have links in it.
            pub(crate) render_plain: fn(&str, &Filters) -> Option<Rendered>,
            /// Draws a node that is more than words, and as much of what is in it as there is left.
            pub(crate) draw_rich: fn(&Node, &mut usize) -> Html,
        }

        static PARTS: Parts = Parts {
            $($name: |props| html! { <$component ..props.clone() /> },)*
            run_file: Shell::run_file,
            run_leap: Shell::run_leap,
            watch_leap: Shell::watch_leap,
            move_on: Shell::move_on,
            render_plain,
            draw_rich,
        };

        $(
            #[doc = concat!("Draws [`", stringify!($component), "`], once it is there.")]
            pub(crate) fn $name(props: $props) -> Html {
                let part = Callback::from(move |parts: &'static Parts| (parts.$name)(&props));
                html! { <Later {part} place={Place::$place} /> }
            }
        )*
    };
}

parts! {
    Over asked: AskedSheet(AskedSheetProps);
    Over attach: AttachSheet(AttachSheetProps);
    Over card: CardSheet(CardSheetProps);
    Over demo: DemoSheet(DemoSheetProps);
    Over drawer: Drawer(DrawerProps);
    Over emoji: EmojiPanel(EmojiPanelProps);
    Over ended: EndedScreen(EndedScreenProps);
    Over explain: ExplainSheet(ExplainSheetProps);
    Over export: ExportSheet(ExportSheetProps);
    Over help: HelpSheet(HelpSheetProps);
    Over invite: InviteSheet(InviteSheetProps);
    Over key_changed: KeyChanged(KeyChangedProps);
    Over leap: LeapSheet(LeapSheetProps);
    Over link: LinkSheet(LinkSheetProps);
    Over link_trouble: LinkTroubleScreen(LinkTroubleScreenProps);
    Over more: MoreSheet(MoreSheetProps);
    Over search: SearchSheet(SearchSheetProps);
    Over settings: SettingsSheet(SettingsSheetProps);
    Within bot_choice: BotChoice(BotChoiceProps);
    Within edited: EditedMark(EditedMarkProps);
    Within file: FileCard(FileCardProps);
    Within leaps: LeapStrip(LeapStripProps);
    Within menu: MessageMenu(MessageMenuProps);
    Within powers: PersonPowers(PersonPowersProps);
    Within quote: QuoteView(QuoteViewProps);
    Within reactions: ReactionsRow(ReactionsRowProps);
    Within rename: RenameForm(RenameFormProps);
    Within secret_doubt: SecretDoubt(SecretDoubtProps);
    Within suggestions: SuggestionList(SuggestionListProps);
}

thread_local! {
    static ARRIVED: Cell<Option<&'static Parts>> =
        const { Cell::new(if cfg!(feature = "split") { None } else { Some(&PARTS) }) };
}

thread_local! {
    /// Whatever stands on the page for something in the second part.
    static WAITING: RefCell<Vec<UseForceUpdateHandle>> = const { RefCell::new(Vec::new()) };
    /// Somebody fetches it until it is there.
    static WANTED: Cell<bool> = const { Cell::new(false) };
}

/// The second part, if it is there.
pub(crate) fn arrived() -> Option<&'static Parts> {
    ARRIVED.get()
}

/// The second part, if it is there. If not, it is fetched, however many attempts that takes; [`use_arrival`] tells when.
pub(crate) fn wanted() -> Option<&'static Parts> {
    if arrived().is_none() && !WANTED.replace(true) {
        wasm_bindgen_futures::spawn_local(async {
            for attempt in 0_u32.. {
                if fetch().await {
                    break;
                }
                TimeoutFuture::new(500 << attempt.min(6)).await;
            }
            WANTED.set(false);
        });
    }
    arrived()
}

/// Draws a component anew when the second part has come.
#[hook]
pub(crate) fn use_arrival() {
    let redraw = use_force_update();
    use_effect_with((), move |()| {
        if arrived().is_none() {
            WAITING.with_borrow_mut(|waiting| waiting.push(redraw));
        }
    });
}

/// Fetches the second part unless it is there, and says whether it is there now.
async fn fetch() -> bool {
    if arrived().is_none()
        && let Ok(parts) = parts().await
    {
        ARRIVED.set(Some(parts));
        for waiting in WAITING.take() {
            waiting.force_update();
        }
    }
    arrived().is_some()
}

/// The only way from the first part into the second: whatever is reachable from here alone is split off.
#[cfg(feature = "split")]
#[wasm_split_helpers::wasm_split(later, fallible)]
fn parts() -> Result<&'static Parts, wasm_split_helpers::SplitLoaderError> {
    Ok(&PARTS)
}

#[cfg(not(feature = "split"))]
async fn parts() -> Result<&'static Parts, std::convert::Infallible> {
    Ok(&PARTS)
}

/// Fetches the second part when the room has been open for a moment, so that nobody has to wait for it.
#[hook]
pub(crate) fn use_rest_of_app() {
    use_effect_with((), |()| {
        wasm_bindgen_futures::spawn_local(async {
            TimeoutFuture::new(QUIET).await;
            // If it fails, whoever asks for something in it tries again.
            fetch().await;
        });
    });
}

/// Where a part stands.
#[derive(Clone, Copy, PartialEq)]
enum Place {
    /// Above everything else; somebody asked for it and is waiting.
    Over,
    /// Inside something that is drawn already.
    Within,
}

#[derive(Clone, PartialEq, Properties)]
struct LaterProps {
    part: Callback<&'static Parts, Html>,
    place: Place,
}

/// Draws a part of the second part; until it is there, a word about it where somebody waits for it.
#[component]
fn Later(props: &LaterProps) -> Html {
    let tries = use_state_eq(|| 0_u32);
    let failed = use_state_eq(|| false);
    let redraw = use_force_update();
    // Whoever fetches it, all are drawn.
    use_effect_with((), move |()| match arrived() {
        Some(_) => redraw.force_update(),
        None => WAITING.with_borrow_mut(|waiting| waiting.push(redraw)),
    });
    {
        let failed = failed.clone();
        use_effect_with(*tries, move |_| {
            if arrived().is_none() {
                wasm_bindgen_futures::spawn_local(async move {
                    failed.set(!fetch().await);
                });
            }
        });
    }
    if let Some(parts) = arrived() {
        return props.part.emit(parts);
    }
    let class = classes!("later", (props.place == Place::Over).then_some("is-over"));
    if *failed {
        let again = {
            let failed = failed.clone();
            Callback::from(move |_: MouseEvent| {
                failed.set(false);
                tries.set(*tries + 1);
            })
        };
        return html! {
            <p {class} role="alert">
                { words().later_failed }{ " " }
                <Button weight={Weight::Link} onclick={again}>{ words().later_again }</Button>
            </p>
        };
    }
    match props.place {
        Place::Over => html! { <p {class} role="status">{ words().later_waiting }</p> },
        Place::Within => Html::default(),
    }
}
