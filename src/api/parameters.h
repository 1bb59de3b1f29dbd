#pragma once
#include "domain/product.h"
#include "http/form.h"

#include <string>

namespace api {

/// Reads a product's parameters from the form's "parameters"; faults are noted on the form. An unknown product has none
/// to check: the service refuses it.
domain::Parameters read_parameters(http::Form& form, const std::string& sku);

/// Reads the parameters of a machine that are to be changed; those left out stay.
domain::Parameters read_changes(http::Form& form);

/// Reads a snapshot's "require"; the only thing that can be required is "fs".
bool read_require_fs(http::Form& form);

} // namespace api
