#pragma once
#include "domain/member.h"
#include "store/database.h"

#include <string>

namespace service {

/// What a member's tax depends on has changed, in the caller's transaction: billing that is under way reads again, and orders that wait
/// are looked at anew. `occasion` names the change, so that it is acted on once.
void tax_changed(store::Session& session, domain::MemberId member, const std::string& occasion);

} // namespace service
