//! A room's life: who may come in, how long it lasts, how it ends.

words! { LifeWords;
    door_empty = "Nobody is here yet";
    door_empty_note = "Going in opens the room. If somebody should be here, check the name with them.";
    door_open = "Empty: you open it";
    door_people_one = "1 person is inside";
    door_people_many = "{n} people are inside";
    door_join_one = "Join 1 person";
    door_join_many = "Join {n} people";
    door_mode_secret = "Newcomers see nothing of what was said before.";
    door_mode_open = "Newcomers see the last {n} messages.";
    door_closes = "It closes in {t}.";
    door_differs = "This room exists already, and what newcomers see in it is not what you chose. It keeps its own rule. Join only if you meant this room.";
    door_goes = "You go in by yourself in a moment.";
    door_waits = "Nobody inside has been told that you are here.";
    entering = "Going in";

    panic = "Panic: wipe everything here and show a blank page. Escape three times does it, too";
    retry_in = "Trying again in {n} s";

    lifetime_quarter = "after 15 minutes";
    lifetime_quarter_short = "15 minutes";
    lifetime_week = "after 7 days";
    lifetime_week_short = "7 days";

    dropped_one = "1 older line was dropped here: a page holds only so many.";
    dropped_many = "{n} older lines were dropped here: a page holds only so many.";
}
