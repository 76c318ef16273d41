//! A few hundred emoji with their short names, in one string: the smallest form that needs no unpacking code.

/// `emoji name name…`, one on each line.
const TABLE: &str = "\
😀 grinning
😃 smiley
😄 smile happy
😁 grin
😆 laughing
😅 sweat_smile
🤣 rofl
😂 joy tears
🙂 slight_smile
🙃 upside_down
😉 wink
😊 blush
😇 innocent angel
🥰 in_love
😍 heart_eyes
🤩 star_struck
😘 kiss
😋 yum
😛 tongue
😜 zany
🤪 crazy
🤑 money
🤗 hug
🤭 oops
🤫 shush quiet
🤔 thinking hmm
🤐 zipper
🤨 eyebrow
😐 neutral
😑 expressionless
😶 no_mouth
😏 smirk
😒 unamused
🙄 eye_roll
😬 grimace
😌 relieved
😔 pensive
😪 sleepy
😴 sleeping zzz
😷 mask
🤒 sick fever
🤕 hurt
🤢 nausea
🤮 vomit
🤧 sneeze
🥵 hot
🥶 cold
🥴 woozy
😵 dizzy
🤯 mind_blown
🤠 cowboy
🥳 party_face
😎 cool sunglasses
🤓 nerd
🧐 monocle
😕 confused
😟 worried
🙁 frown sad
😮 wow open_mouth
😯 hushed
😲 astonished
😳 flushed
🥺 pleading
😨 fearful
😰 anxious
😢 cry
😭 sob
😱 scream
😖 confounded
😞 disappointed
😓 sweat
😩 weary
😫 tired
🥱 yawn
😤 huff
😡 rage
😠 angry
🤬 cursing
😈 devil
💀 skull
💩 poop
🤡 clown
👻 ghost
👽 alien
🤖 robot
😺 cat_smile
🙈 see_no_evil
🙉 hear_no_evil
🙊 speak_no_evil
👋 wave hello bye
🤚 back_hand
✋ hand stop
🖖 vulcan
👌 ok_hand
🤏 pinch
✌️ victory peace
🤞 fingers_crossed luck
🤟 love_you
🤘 rock_on
🤙 call_me
👈 left
👉 right
👆 up
👇 down
👍 +1 thumbsup yes
👎 -1 thumbsdown no
✊ fist
👊 punch
👏 clap
🙌 raised_hands
👐 open_hands
🤝 handshake deal
🙏 pray thanks please
✍️ writing
💪 muscle strong
👀 eyes look
🧠 brain
👶 baby
👩 woman
👨 man
🧓 elder
🙅 no_way
🙋 raise_hand
🤦 facepalm
🤷 shrug
💃 dance
🏃 run
❤️ heart love
🧡 orange_heart
💛 yellow_heart
💚 green_heart
💙 blue_heart
💜 purple_heart
🖤 black_heart
🤍 white_heart
💔 broken_heart
💕 hearts
💯 100 hundred
💢 anger
💥 boom
💫 dizzy_star
💬 speech
💤 sleep
🔥 fire
✨ sparkles
⭐ star
🌟 glowing_star
🎉 tada party
🎊 confetti
🎁 gift
🎂 birthday cake
🎈 balloon
🏆 trophy
🥇 gold first
🎯 target
🎮 game
🎲 dice
🎵 music note
🎶 notes
🎤 microphone
🎧 headphones
🎸 guitar
🎺 trumpet
🥁 drum
🎬 film
🎨 art
📷 camera
🐶 dog
🐱 cat
🐭 mouse
🐹 hamster
🐰 rabbit
🦊 fox
🐻 bear
🐼 panda
🐨 koala
🐯 tiger
🦁 lion
🐮 cow
🐷 pig
🐸 frog
🐵 monkey
🐔 chicken
🐧 penguin
🐦 bird
🦆 duck
🦉 owl
🐺 wolf
🐴 horse
🦄 unicorn
🐝 bee
🐛 bug
🦋 butterfly
🐌 snail
🐢 turtle
🐍 snake
🐙 octopus
🦀 crab
🐟 fish
🐬 dolphin
🐳 whale
🐘 elephant
🦔 hedgehog
🐾 paws
🌵 cactus
🌲 tree
🌴 palm
🍀 clover
🍁 maple leaf
🌹 rose
🌻 sunflower
🌸 blossom flower
🌷 tulip
☀️ sun
🌤️ sun_cloud
☁️ cloud
🌧️ rain
⛈️ storm
❄️ snow
⛄ snowman
🌈 rainbow
🌙 moon
🌍 earth world
🌋 volcano
🌊 ocean
⚡ lightning zap
☔ umbrella
🍎 apple
🍊 orange
🍋 lemon
🍌 banana
🍉 melon
🍇 grapes
🍓 strawberry
🍒 cherries
🍑 peach
🍍 pineapple
🥥 coconut
🥑 avocado
🍅 tomato
🥕 carrot
🌽 corn
🍞 bread
🧀 cheese
🥚 egg
🍳 cooking
🥞 pancakes
🍔 burger
🍟 fries
🍕 pizza
🌮 taco
🍜 noodles
🍣 sushi
🍦 icecream
🍩 donut
🍪 cookie
🍫 chocolate
🍿 popcorn
☕ coffee
🍵 tea
🍺 beer
🍻 cheers
🍷 wine
🥂 toast_glasses
⚽ soccer football
🏀 basketball
🎾 tennis
🏊 swim
🚴 bike
⛰️ mountain
🏖️ beach
🏠 house home
🏢 office
🏥 hospital
🚗 car
🚕 taxi
🚌 bus
🚂 train
✈️ plane
🚀 rocket
⛵ boat
🚲 bicycle
⏰ alarm
⏳ hourglass
⌚ watch
📱 phone
💻 laptop
⌨️ keyboard
🖨️ printer
💡 idea bulb
🔦 torch
📖 book
📝 memo
✏️ pencil
📌 pin
📎 paperclip
✂️ scissors
📅 calendar
📈 chart_up
📉 chart_down
📦 package
✉️ mail
📣 megaphone
🔔 bell
🔇 mute
🔍 search
🔒 lock
🔓 unlock
🔑 key
🛡️ shield
🔧 wrench
🔨 hammer
⚙️ gear
🧪 test_tube
💊 pill
🧹 broom
🗑️ trash
🛒 cart
💰 money_bag
💳 card
✅ check done
☑️ checkbox
❌ cross
❗ exclamation
❓ question
⚠️ warning
⛔ forbidden
♻️ recycle
🔴 red
🟢 green
🔵 blue
⚪ white
⬆️ arrow_up
⬇️ arrow_down
➡️ arrow_right
⬅️ arrow_left
➕ plus
➖ minus
🏁 finish
🚩 flag
🏳️ white_flag
🏴 black_flag";

/// The ones offered first beside a message.
pub const QUICK: [&str; 6] = ["👍", "❤️", "😂", "😮", "😢", "🎉"];

/// All emoji with their first short name, in the order of the table.
pub fn all() -> impl Iterator<Item = (&'static str, &'static str)> {
    lines().map(|(emoji, names)| (emoji, names.split(' ').next().unwrap_or(names)))
}

/// Those one of whose short names has `wanted` in it; the ones that begin with it first.
pub fn search(wanted: &str) -> impl Iterator<Item = (&'static str, &'static str)> {
    let wanted = wanted.trim().to_lowercase();
    let rank = move |names: &'static str| {
        let fits = |name: &&str| name.contains(wanted.as_str());
        let name = names
            .split(' ')
            .filter(fits)
            .min_by_key(|name| !name.starts_with(&wanted))?;
        Some((!name.starts_with(&wanted), name))
    };
    let mut found: Vec<_> = lines()
        .filter_map(|(emoji, names)| rank(names).map(|(rank, name)| (rank, emoji, name)))
        .collect();
    found.sort_by_key(|(rank, ..)| *rank);
    found.into_iter().map(|(_, emoji, name)| (emoji, name))
}

/// The emoji of exactly this short name.
pub fn named(name: &str) -> Option<&'static str> {
    lines()
        .find(|(_, names)| names.split(' ').any(|it| it == name))
        .map(|(emoji, _)| emoji)
}

fn lines() -> impl Iterator<Item = (&'static str, &'static str)> {
    TABLE.lines().filter_map(|line| line.split_once(' '))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_emoji_and_every_name_is_there_once() {
        let emoji: BTreeSet<_> = lines().map(|(emoji, _)| emoji).collect();
        let names: Vec<_> = lines().flat_map(|(_, names)| names.split(' ')).collect();
        assert_eq!(emoji.len(), lines().count());
        assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), names.len());
        assert!(lines().count() >= 300, "{}", lines().count());
        assert!(
            lines().all(|(emoji, _)| !emoji.is_ascii() && emoji.len() <= client::LONGEST_REACTION)
        );
    }

    #[test]
    fn what_begins_with_the_word_comes_first() {
        let found: Vec<_> = search("heart").map(|(emoji, _)| emoji).collect();
        assert_eq!(found[0], "😍");
        assert!(found.contains(&"💔"));
        assert_eq!(named("thumbsup"), Some("👍"));
        assert_eq!(named("thumbs"), None);
    }
}
