#include "api/parameters.h"

#include <algorithm>

namespace api {
namespace {

using Limits = domain::MachineLimits;

/// RAM is given in GB, in steps of one half.
int read_ram_mb(http::Form& form)
{
    const auto thousandths = form.thousandths("ram", 500, std::int64_t{Limits::max_ram_mb} / 1024 * 1000);
    if (thousandths % 500 != 0) form.fault("ram", "out_of_range", "must be a multiple of 0.5");
    return static_cast<int>(thousandths / 500) * Limits::ram_step_mb;
}

int read_cores(http::Form& form) { return static_cast<int>(form.integer("cores", 1, Limits::max_cores)); }

int read_disk_gb(http::Form& form) { return static_cast<int>(form.integer("os_disk_size", 1, Limits::max_os_disk_gb)); }

std::string read_os(http::Form& form)
{
    auto os = form.text("os", Limits::max_os_name);
    const auto fits = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-' || c == ' ';
    };
    if (!std::ranges::all_of(os, fits)) form.fault("os", "invalid", "must be the name of an image, such as debian-12");
    return os;
}

domain::Parameters read_snapshot(http::Form& form)
{
    domain::Parameters parameters;
    const auto text = form.text("vm");
    parameters.vm = domain::Uuid::parse(text);
    if (!text.empty() && !parameters.vm) form.fault("vm", "invalid", "must be the uuid of one of your VMs");
    parameters.require_fs = read_require_fs(form);
    return parameters;
}

} // namespace

bool read_require_fs(http::Form& form) { return form.optional_choice("require", {"fs"}).has_value(); }

domain::Parameters read_parameters(http::Form& form, const std::string& sku)
{
    if (sku == "dedicated-server") { // whatever it says: a server is ordered out of a cart, as the service's refusal tells
        form.accept("parameters");
        return {};
    }
    auto& given = form.object("parameters");
    if (sku == "ipv6-only-vm" || sku == "django-hosting") {
        domain::Parameters parameters;
        parameters.cores = read_cores(given);
        parameters.ram_mb = read_ram_mb(given);
        parameters.os_disk_gb = read_disk_gb(given);
        parameters.os = read_os(given);
        return parameters;
    }
    if (sku == "vm-snapshot") return read_snapshot(given);
    return {};
}

domain::Parameters read_changes(http::Form& form)
{
    auto& given = form.object("parameters");
    domain::Parameters changes;
    if (given.has("cores")) changes.cores = read_cores(given);
    if (given.has("ram")) changes.ram_mb = read_ram_mb(given);
    if (given.has("os_disk_size")) changes.os_disk_gb = read_disk_gb(given);
    if (given.has("plan")) changes.plan = given.text("plan", 64);
    if (!changes.cores && !changes.ram_mb && !changes.os_disk_gb && !changes.plan)
        form.fault("parameters", "required", "must name what to change: cores, ram, os_disk_size");
    return changes;
}

} // namespace api
