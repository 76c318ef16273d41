//! A room's life: who may come in, how long it lasts, how it ends.

words! { LifeWords;
    dropped_one = "1 older line was dropped here: a page holds only so many.";
    dropped_many = "{n} older lines were dropped here: a page holds only so many.";
}
