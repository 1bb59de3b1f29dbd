#pragma once
#include <jansson.h>

#include <string>
#include <vector>

namespace vectors {

/// Where two values differ, one line a place: the JSON pointer, what was expected and what came.
std::vector<std::string> differences(json_t* expected, json_t* actual, const std::string& path = "");

} // namespace vectors
