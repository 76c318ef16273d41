//! Words about files, in English.

words! { FileWords;
    attach = "Send files";
    sheet_title = "Send files";
    limit = "Up to {size} each, sealed on this device before they leave it. A file moves only once somebody accepts it.";
    choose = "Choose files";
    take_photo = "Take a photo";
    voice = "Record a note";
    voice_name = "Voice note {time}";
    voice_asking = "Your browser asks whether this page may use the microphone.";
    voice_on = "Recording";
    voice_done = "Done";
    voice_cancel = "Throw it away";
    voice_refused = "The microphone is not allowed for this page: allow it in the browser's settings for this site, then press again.";
    voice_none = "No microphone answers: connect one, or end what else uses it, then press again.";
    voice_unable = "This browser records nothing here: it needs a page over https.";
    or_drop = "You can also drop files on this page or paste them.";
    to_whom = "For";
    everyone = "Everyone here";
    traces = "Photos lose place, time and camera (JPEG, PNG, WebP, GIF). Other files go as they are.";
    original = "Send photos as they are, with everything they know";
    send_one = "Offer 1 file";
    send_many = "Offer {n} files";
    remove = "Take it off the list";
    too_large = "Too large: {size}, and this relay takes {limit}.";
    empty = "Empty: there is nothing to send.";
    preparing = "Reading {name} …";
    unreadable = "“{name}” cannot be read. It may have been moved, or this page may not open it.";
    was_empty = "“{name}” is empty: there is nothing to send.";
    was_too_large = "“{name}” is too large: {size}, and this relay takes {limit}.";
    keeps_traces = "“{name}” could not be freed of place and camera. To send it all the same, choose to send photos as they are.";
    not_offered = "“{name}” could not be offered: {why}";
    dismiss = "Understood";

    accept = "Accept";
    deny = "Decline";
    cancel = "Cancel";
    withdraw = "Take it back";
    save = "Save";
    again = "Accept after all";
    asks = "{size} · nothing has moved yet";
    waits = "Offered. It moves when somebody accepts.";
    asking = "Asking for it …";
    progress = "{done} of {total} · {speed}/s";
    progress_label = "How much of {name} is through";
    received = "Received {bytes} bytes in {seconds} s, and checked.";
    denied = "You declined it.";
    corrupt = "What came is not what was offered. It was thrown away.";
    withdrawn = "It was taken back, or the sender's page was reloaded.";
    sender_left = "The sender left before all of it was here.";
    vanished = "The file was moved, changed or deleted here, so it was taken back.";
    relay_limit = "It is larger than this relay allows, so it was taken back.";
    no_room = "The relay had no room for it. Try again later.";
    no_files = "This relay takes no files.";
    ended = "It will not come.";
    stopped_here = "Cancelled.";
    gone = "It can no longer be fetched: it was offered before this page was loaded.";

    answer_accepted = "{name} is fetching it";
    answer_denied = "{name} declined it";
    answer_received = "{name} has it";
    answer_corrupt = "{name} got something else and threw it away";
    answer_stopped = "{name} cancelled it";
    answer_left = "{name} left";

    warns_runs = "This can run a program. Open it only if you expected it from this person.";
    warns_page = "This is a web page or drawing that can run programs. It is never shown here.";
    warns_two_endings = "It is called like one kind of file and is another.";
    warns_disguised = "Its name held hidden characters. They were taken out.";

    picture_of = "Picture {name}, drawn anew";
    show_large = "Show {name} large";
    listen_to = "Listen to {name}";
    text_of = "Beginning of {name}";
    text_cut = "This is its beginning. Save it to read on.";
    no_preview = "Too large to be shown safely. It can be saved.";

    frame_put = "A sealed piece of a file. All pieces have the same length; the relay learns how many there are.";
    frame_get = "Asks for a sealed piece of a file.";
    frame_piece = "A sealed piece of a file that was asked for.";
    frame_file = "About a piece of a file: it came, it must wait, or it may be forgotten.";
}
