#pragma once
#include "domain/access_rule.h"
#include "http/form.h"
#include "http/json_text.h"

#include <span>
#include <vector>

namespace api {

/// A list of {method, path}, at most 100; what is wrong with each is noted in the form. Absent or empty: none.
std::vector<domain::AccessRule> read_access_rules(http::Form& form, const char* name);

/// [{"method":"GET","path":"/me*"}]
http::JsonText json_of(std::span<const domain::AccessRule> rules);

} // namespace api
