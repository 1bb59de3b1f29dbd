#pragma once

// A process that dies at a step of its choice. Every statement to the database and every call to the card gateway leaves it by
// send(); tests/service/last_step.cpp stands in front of libc's, so that the client libraries go through it.
namespace fake {

/// From now on: with 2n - 1 the process is killed before the n-th thing leaves it, with 2n right after, its answer unread.
void die_at(int step);

/// Something leaves the process in another way: a fake calls this before it does what it was asked for, and right after.
void pass_step();

} // namespace fake
