#pragma once
#include "object_store.h"
#include "work.h"

#include <string>

namespace stripe_fake {

/// Writes down, in the same transaction, that something happened to the object as it is now, and whom to tell.
/// `before` is its body before a change: the event then says what its changed members were.
void tell(Work& work, const std::string& type, const Object& object, const http::Json& before = http::Json::null());

} // namespace stripe_fake
