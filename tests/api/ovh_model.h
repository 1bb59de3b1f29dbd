#pragma once
#include <jansson.h>

#include <map>
#include <string>

namespace site {

/// The models of the wire format, told in short: a field a word, "name=type". "name?" may be null, "name[]" is a list; a type is text,
/// long, double, bool, datetime, duration, or the name of another model. A field that a model does not name must not be there.
using OvhModels = std::map<std::string, std::string>;

/// Holds a value against a type, "Cart" or "long[]"; what is wrong with it, a line each; "" if nothing is.
std::string faults_of(const OvhModels& models, const json_t* value, const std::string& type);

} // namespace site
