//! Private words, answers, changes, commands, looks: what people do in a conversation.

use anyhow::Result;
use roomkey_e2e::axe::inspect;
use roomkey_e2e::browser::{Browser, Screen};
use roomkey_e2e::page::Newcomers;
use roomkey_e2e::pair::Pair;
use serde_json::json;

/// Types into the text field and presses a key, as a person does.
async fn types(browser: &Browser, text: &str) -> Result<()> {
    let field = browser.find("textbox", "Message").await?;
    field.send_keys(text).await?;
    Ok(())
}

const ENTER: &str = "\u{e007}";
const ESCAPE: &str = "\u{e00c}";
const UP: &str = "\u{e013}";
const TAB: &str = "\u{e004}";

/// Whom the chip names, in words.
async fn chip(browser: &Browser, words: &str) -> Result<()> {
    browser
        .until(
            "wordsOf(document.querySelector('.scope')).includes(a[0])",
            vec![json!(words)],
        )
        .await?;
    Ok(())
}

/// Opens what can be done with the message that has these words in it, and presses one of the buttons.
pub(crate) async fn menu(browser: &Browser, message: &str, button: &str) -> Result<()> {
    browser
        .until(
            "(() => { const it = [...document.querySelectorAll('article')].find((one) => one.innerText.includes(a[0]));
               const more = it && it.querySelector('.message-more'); if (!more) return false;
               if (!it.querySelector('.message-menu')) { more.click(); return false; }
               const button = [...it.querySelectorAll('.message-menu button')].find((one) => nameOf(one) === a[1]);
               if (!button) return false; button.click(); return true; })()",
            vec![json!(message), json!(button)],
        )
        .await?;
    Ok(())
}

#[tokio::test]
async fn private_words_reach_one_person_and_the_chip_always_says_whom() -> Result<()> {
    let room = Pair::meet(Newcomers::SeeLast35).await?;
    let Pair { anna, bert, .. } = &room;
    let cleo = Browser::chromium().await?;
    cleo.join(&anna.invitation().await?, "Cleo").await?;
    anna.hears("Cleo").await?;
    chip(anna, "Everyone").await?;
    anna.click("button", "Talk to Bert alone").await?;
    chip(anna, "Only Bert").await?;
    types(anna, &format!("only for you, Bert{ENTER}")).await?;
    bert.hears("only for you, Bert").await?;
    bert.hears("to you alone").await?;
    anna.hears("only to Bert").await?;
    bert.until(
        "wordsOf(one('list', 'People')).includes('1 private')",
        vec![],
    )
    .await?;
    inspect(anna, "private-desktop").await?;

    // A chip that changes under the fingers would mis-send: Escape is the only key that does, and it shows.
    types(anna, &format!("for all{ESCAPE}")).await?;
    chip(anna, "Everyone").await?;
    types(anna, ENTER).await?;
    cleo.hears("for all").await?;
    assert!(!cleo.log().await?.contains("only for you"));
    let words = cleo.words().await?;
    assert!(!words.contains("only for you"));

    // Answering private words is private without another thought.
    menu(bert, "only for you, Bert", "Reply").await?;
    chip(bert, "Only Anna").await?;
    types(bert, &format!("thank you{ENTER}")).await?;
    anna.hears("thank you").await?;

    // Whoever has gone is said not to have got it.
    bert.click("button", "Leave").await?;
    bert.reads("You left").await?;
    anna.until("!wordsOf(one('list', 'People')).includes('Bert')", vec![])
        .await?;
    cleo.say("still here").await?;
    anna.hears("still here").await?;
    types(anna, &format!("/r are you there?{ENTER}")).await?;
    anna.hears("not in the room").await?;
    cleo.close().await?;
    room.part().await
}

#[tokio::test]
async fn messages_are_answered_reacted_to_edited_and_taken_back() -> Result<()> {
    let room = Pair::on(Screen::Phone, Newcomers::SeeLast35, "Bert").await?;
    let Pair { anna, bert, .. } = &room;
    anna.say("shall we meet at noon?").await?;
    bert.hears("at noon").await?;
    menu(bert, "at noon", "Reply").await?;
    types(bert, &format!("yes{ENTER}")).await?;
    anna.until(
        "wordsOf(document.querySelector('.quote'))?.includes('at noon')",
        vec![],
    )
    .await?;
    menu(bert, "at noon", "React with 👍").await?;
    anna.until("one('button', '👍 by Bert')", vec![]).await?;
    anna.click("button", "👍 by Bert").await?;
    bert.until(
        "one('button', '👍 by Anna, Bert') || one('button', '👍 by Bert, Anna')",
        vec![],
    )
    .await?;

    types(anna, UP).await?;
    anna.until(
        "one('textbox', 'Message').value.includes('at noon')",
        vec![],
    )
    .await?;
    types(anna, &format!(" Or at one?{ENTER}")).await?;
    bert.hears("Or at one?").await?;
    bert.click("button", "edited").await?;
    bert.hears("shall we meet at noon?").await?;
    inspect(anna, "conversation-phone").await?;
    inspect(bert, "conversation-desktop").await?;

    menu(anna, "Or at one?", "Delete").await?;
    bert.hears("Deleted by its author").await?;
    bert.until(
        "!wordsOf(one('log', 'Messages')).includes('at noon')",
        vec![],
    )
    .await?;
    room.part().await
}

#[tokio::test]
async fn commands_do_what_they_say_and_unknown_ones_are_never_sent() -> Result<()> {
    let room = Pair::meet(Newcomers::SeeLast35).await?;
    let Pair { anna, bert, .. } = &room;
    types(anna, &format!("/shout hello{ENTER}")).await?;
    anna.reads("There is no command /shout").await?;
    let kept = anna
        .eval("return one('textbox', 'Message').value", vec![])
        .await?;
    assert_eq!(kept, json!("/shout hello"));
    anna.paste("Message", "").await?;
    types(anna, &format!("/topic lunch <b>plans</b>{ENTER}")).await?;
    bert.reads("lunch").await?;
    types(anna, &format!("/me waves{ENTER}")).await?;
    bert.hears("* Anna waves").await?;
    types(anna, &format!("ok :+1: @be{TAB}{ENTER}")).await?;
    bert.hears("ok 👍 @Bert·").await?;
    bert.until("document.querySelector('article.is-mention')", vec![])
        .await?;
    types(anna, &format!("/timer 10s short lived{ENTER}")).await?;
    bert.hears("short lived").await?;
    bert.hears("This message had a timer").await?;
    assert!(!bert.log().await?.contains("short lived"));
    types(anna, &format!("/search waves{ENTER}")).await?;
    anna.until(
        "all('region', 'Search')[0] || all('dialog', 'Search')[0]",
        vec![],
    )
    .await?;
    anna.reads("1 line").await?;
    inspect(anna, "search-desktop").await?;
    anna.click("button", "Close").await?;
    types(anna, &format!("/help{ENTER}")).await?;
    anna.find("dialog", "Keys and commands").await?;
    inspect(anna, "help-desktop").await?;
    anna.click("button", "Close").await?;
    // The commands without knowing one: from the keyboard, with the words beside each.
    let keys = "\u{e009}k\u{e000}";
    anna.client.active_element().await?.send_keys(keys).await?;
    anna.until(
        "document.querySelectorAll('#suggestions [role=option], [role=listbox] [role=option]').length > 15 && one('textbox', 'Message').value === '/'",
        vec![],
    )
    .await?;
    inspect(anna, "commands-desktop").await?;
    // Around to the last one, which is out of sight at first.
    types(anna, "\u{e013}").await?;
    anna.until(
        "(() => { const row = document.querySelector('.suggestion.is-chosen:last-child')?.getBoundingClientRect(), list = document.querySelector('.suggestions').getBoundingClientRect(); return row && row.top >= list.top && row.bottom <= list.bottom + 1; })()",
        vec![],
    )
    .await?;
    types(anna, &format!("he{ENTER}")).await?;
    anna.until("one('textbox', 'Message').value === '/help '", vec![])
        .await?;
    assert!(!bert.log().await?.contains("shout"));
    room.part().await
}

#[tokio::test]
async fn a_draft_and_whom_it_is_for_survive_a_reload() -> Result<()> {
    let room = Pair::meet(Newcomers::SeeLast35).await?;
    let Pair { anna, .. } = &room;
    anna.click("button", "Talk to Bert alone").await?;
    chip(anna, "Only Bert").await?;
    types(anna, "half a thought").await?;
    anna.client.refresh().await?;
    anna.in_room().await?;
    chip(anna, "Only Bert").await?;
    anna.until(
        "one('textbox', 'Message').value === 'half a thought'",
        vec![],
    )
    .await?;
    let stored = anna
        .eval("return JSON.stringify({ ...localStorage })", vec![])
        .await?;
    assert_eq!(stored, json!("{}"));
    room.part().await
}

#[tokio::test]
async fn every_look_can_be_read_and_is_remembered_only_if_asked_for() -> Result<()> {
    let room = Pair::meet(Newcomers::SeeLast35).await?;
    let Pair {
        relay, anna, bert, ..
    } = &room;
    bert.say("good morning https://example.com/").await?;
    bert.click("button", "Talk to Anna alone").await?;
    types(bert, &format!("psst{ENTER}")).await?;
    anna.hears("psst").await?;
    menu(bert, "good morning", "React with 🎉").await?;
    anna.until("one('button', '🎉 by Bert')", vec![]).await?;
    anna.say("and good morning to you").await?;
    anna.click("button", "Settings").await?;
    for theme in ["High contrast", "Neon", "Terminal", "Dark", "Light"] {
        anna.pick("Colours", theme).await?;
        inspect(anna, &format!("settings-{theme}")).await?;
        anna.click("button", "Close").await?;
        inspect(anna, &format!("look-{theme}")).await?;
        anna.click("button", "Settings").await?;
    }
    anna.pick("Colours", "Terminal").await?;
    anna.pick("Messages", "[time - name]: text").await?;
    anna.pick("Space", "Tight").await?;
    anna.click("button", "Close").await?;
    anna.until(
        "/\\[\\d\\d:\\d\\d:\\d\\d - Bert\\]:/.test(wordsOf(one('log', 'Messages')))",
        vec![],
    )
    .await?;
    inspect(anna, "look-classic").await?;
    let stored = "return localStorage.length";
    assert_eq!(anna.eval(stored, vec![]).await?, json!(0));

    anna.click("button", "Settings").await?;
    anna.until(
        "(() => { const it = all('checkbox', null).find((one) => nameOf(one).startsWith('Remember on this device')); it.click(); return it; })()",
        vec![],
    )
    .await?;
    anna.until("localStorage.length === 1", vec![]).await?;
    let kept = anna
        .eval(
            "return atob(localStorage.getItem('roomkey.settings')).length",
            vec![],
        )
        .await?;
    assert_eq!(kept, json!(15), "choices and nothing else");
    anna.goto(&relay.url()).await?;
    anna.until(
        "document.documentElement.dataset.theme === 'terminal'",
        vec![],
    )
    .await?;
    room.part().await
}

#[tokio::test]
async fn typing_and_reading_show_only_between_those_who_chose_it() -> Result<()> {
    let room = Pair::meet(Newcomers::SeeLast35).await?;
    let Pair { anna, bert, .. } = &room;
    let share = "(() => { const it = all('checkbox', null).find((one) => nameOf(one).startsWith('Show when I type'));
        if (!it) return false; if (!it.checked) it.click(); return true; })()";
    for browser in [&anna, &bert] {
        types(browser, "unseen ").await?;
        browser.click("button", "Settings").await?;
        browser.until(share, vec![]).await?;
        browser.click("button", "Close").await?;
    }
    anna.say("hello").await?;
    bert.hears("hello").await?;
    anna.until(
        "wordsOf(one('log', 'Messages')).includes('read by 1')",
        vec![],
    )
    .await?;
    types(bert, "w").await?;
    anna.until(
        "wordsOf(document.querySelector('.typing')).includes('Bert is typing')",
        vec![],
    )
    .await?;
    bert.say("done").await?;
    anna.until("wordsOf(document.querySelector('.typing')) === ''", vec![])
        .await?;
    room.part().await
}

#[tokio::test]
async fn a_muted_person_takes_one_quiet_line() -> Result<()> {
    let room = Pair::meet(Newcomers::SeeLast35).await?;
    let Pair { anna, bert, .. } = &room;
    bert.say("noise one").await?;
    anna.hears("noise one").await?;
    anna.click("button", "Mute Bert").await?;
    anna.hears("1 muted message").await?;
    bert.say("noise two").await?;
    anna.hears("2 muted messages").await?;
    assert!(!anna.log().await?.contains("noise"));
    anna.click("button", "Hear Bert again").await?;
    anna.hears("noise two").await?;
    room.part().await
}
