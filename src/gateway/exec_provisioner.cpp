#include "domain/clean_text.h"
#include "gateway/child_process.h"
#include "gateway/json_document.h"
#include "gateway/provisioner.h"
#include "logging/log.h"

#include <jansson.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <stdexcept>

namespace gateway {
namespace {

using std::chrono::seconds;

constexpr std::size_t max_told = 255;
constexpr seconds time_to_die{2}; // the program is ended by `timeout`; this is for one that hangs in the kernel

/// The exit codes of the contract. What else a program may end with is none of it: nobody knows how far it came.
ProvisionAnswer answer_of(int exit_code)
{
    switch (exit_code) {
    case 0: return ProvisionAnswer::done;
    case 1: return ProvisionAnswer::unavailable;
    case 2: return ProvisionAnswer::denied;
    default: return ProvisionAnswer::unknown;
    }
}

/// A program may say more exactly what its exit code means. What does not fit it counts for nothing.
ProvisionAnswer refined(ProvisionAnswer answer, ProvisionVerb verb, std::string_view said)
{
    using enum ProvisionAnswer;
    const bool ends = verb == ProvisionVerb::terminate;
    if (answer == done && said == to_text(exists) && !ends) return exists;
    if (answer == done && said == to_text(not_found) && ends) return not_found;
    if (answer == unavailable && said == to_text(busy)) return busy;
    if (answer == denied && said == to_text(not_found) && !ends) return not_found;
    return answer;
}

std::optional<ProvisionState> state_from(std::string_view text)
{
    if (text == "gone") return ProvisionState::gone;
    if (text == "busy") return ProvisionState::busy;
    if (text == "running") return ProvisionState::running;
    if (text == "suspended") return ProvisionState::suspended;
    return std::nullopt;
}

std::optional<ProvisionPower> power_from(std::string_view text)
{
    if (text == "running") return ProvisionPower::running;
    if (text == "suspended") return ProvisionPower::suspended;
    return std::nullopt;
}

struct Release {
    void operator()(json_t* value) const noexcept { json_decref(value); }
    void operator()(char* text) const noexcept { ::free(text); }
};

json_t* json_of(const std::string& text) { return json_stringn(text.data(), text.size()); }

json_t* json_of(const domain::Parameters& parameters)
{
    json_t* json = json_object();
    const auto set = [&](const char* name, const std::optional<int>& value) {
        if (value) json_object_set_new(json, name, json_integer(*value));
    };
    set("cores", parameters.cores);
    set("ram_mb", parameters.ram_mb);
    set("os_disk_gb", parameters.os_disk_gb);
    if (parameters.os) json_object_set_new(json, "os", json_of(*parameters.os));
    return json;
}

json_t* json_of(const ProvisionImage& image)
{
    json_t* json = json_object();
    json_object_set_new(json, "cluster", json_of(image.cluster));
    json_object_set_new(json, "pool", json_of(image.pool));
    json_object_set_new(json, "namespace", json_of(image.name_space));
    json_object_set_new(json, "name", json_of(image.name));
    json_object_set_new(json, "size_gib", json_integer(image.size_gib));
    return json;
}

std::string text_of(const ProvisionRequest& request, std::string_view verb)
{
    const std::unique_ptr<json_t, Release> json{json_object()};
    const auto set = [&](const char* name, json_t* value) { json_object_set_new(json.get(), name, value); };
    set("contract", json_integer(1));
    set("verb", json_of(std::string{verb}));
    set("uuid", json_of(request.machine.text()));
    set("order", json_of(request.order.text()));
    set("generation", json_integer(request.generation));
    set("product", json_of(request.product));
    set("member", json_of(request.member));
    set("parameters", json_of(request.parameters));
    json_t* images = json_array();
    for (const auto& image : request.images) json_array_append_new(images, json_of(image));
    set("images", images);
    set("host", json_of(request.host));
    const std::unique_ptr<char, Release> text{json_dumps(json.get(), JSON_COMPACT)};
    if (!text) throw std::runtime_error{"a request to a provisioner cannot be written as JSON"};
    return std::string{text.get()} + '\n';
}

/// A file in memory that holds the text, to be read from its beginning. @throws std::runtime_error
Descriptor file_with(const std::string& text)
{
    Descriptor file{::memfd_create("request", MFD_CLOEXEC)};
    const bool written = file.is_open() && ::write(file.get(), text.data(), text.size()) == static_cast<ssize_t>(text.size())
        && ::lseek(file.get(), 0, SEEK_SET) == 0;
    if (!written) throw std::runtime_error{"no memory for a request to a provisioner"};
    return file;
}

class ExecProvisioner final : public Provisioner {
public:
    explicit ExecProvisioner(const ExecProvisionerSettings& settings) : settings_{settings} {}

    ProvisionReport carry_out(const ProvisionRequest& request) override
    {
        const auto verb = std::string{to_text(request.verb)};
        const auto [answer, output] = run(verb, request.machine.text(), text_of(request, verb));
        const JsonDocument told{output};
        return told_in(told, refined(answer, request.verb, told.root().text({"answer"})));
    }

    ProvisionStatus status(const ProvisionRequest& request) override
    {
        const auto [answer, output] = run("status", request.machine.text(), text_of(request, "status"));
        const JsonDocument told{output};
        const auto state = state_from(told.root().text({"state"}));
        if (answer == ProvisionAnswer::done && !state) {
            logging::event("error", "provisioner_status_unreadable", {{"uuid", request.machine.text()}});
            return {.report = {.answer = ProvisionAnswer::unknown}};
        }
        return {.report = told_in(told, answer), .state = state.value_or(ProvisionState::busy)};
    }

    ProvisionListing list() override
    {
        const auto [answer, output] = run("list", "", "{\"contract\":1,\"verb\":\"list\"}\n");
        if (answer != ProvisionAnswer::done) return {.answer = answer, .machines = {}};
        const JsonDocument told{output};
        if (!told.root().at({"machines"}).is_array()) return refused_listing("there is no list of machines in it");
        ProvisionListing listing{.answer = ProvisionAnswer::done, .machines = {}};
        for (const auto& item : told.root().items({"machines"})) {
            const auto uuid = domain::Uuid::parse(item.text({"uuid"}));
            const auto power = power_from(item.text({"power"}));
            if (!uuid || !power) return refused_listing("uuid or power of a machine cannot be read");
            listing.machines.push_back({.machine = *uuid, .power = *power, .host = domain::clean_text(item.text({"host"}), max_told)});
        }
        return listing;
    }

    seconds longest_call() const override { return settings_.deadline + time_to_die; }

private:
    struct Answered {
        ProvisionAnswer answer{ProvisionAnswer::unknown};
        std::string output{};
    };

    /// `timeout` ends the program and all it started also if we are killed meanwhile: after longest_call() nothing of it is at work.
    Answered run(const std::string& verb, const std::string& uuid, const std::string& request) const
    {
        if (::access(settings_.program.c_str(), X_OK) != 0) {
            logging::event("error", "provisioner_missing", {{"program", settings_.program}, {"errno", std::to_string(errno)}});
            return {.answer = ProvisionAnswer::unavailable, .output = {}};
        }
        const auto input = file_with(request);
        const auto limit = std::to_string(settings_.deadline.count());
        const auto child = run_child(
            {"timeout", "--signal=KILL", limit, settings_.program, verb, uuid}, settings_.deadline + time_to_die, nullptr, &input);
        const bool exited = child.end == ChildEnd::exited;
        const auto answer = exited               ? answer_of(child.code)
            : child.end == ChildEnd::not_started ? ProvisionAnswer::unavailable
                                                 : ProvisionAnswer::unknown;
        if (answer != ProvisionAnswer::done)
            logging::event("warning", "provisioner_answered",
                {{"verb", verb}, {"uuid", uuid}, {"answer", to_text(answer)}, {"code", std::to_string(child.code)},
                    {"exited", exited ? "yes" : "no"}, {"text", domain::clean_text(child.errors, 300)}});
        return {.answer = answer, .output = child.output};
    }

    static ProvisionReport told_in(const JsonDocument& told, ProvisionAnswer answer)
    {
        const auto text = [&](const char* name) { return domain::clean_text(told.root().text({name}), max_told); };
        return {.answer = answer, .address = text("address"), .name = text("name"), .message = text("message")};
    }

    /// Half a list would make strays of what is all right.
    static ProvisionListing refused_listing(const char* why)
    {
        logging::event("error", "provisioner_list_unreadable", {{"what", why}});
        return {.answer = ProvisionAnswer::unknown, .machines = {}};
    }

    ExecProvisionerSettings settings_;
};

} // namespace

std::string_view to_text(ProvisionAnswer answer)
{
    switch (answer) {
    case ProvisionAnswer::done: return "done";
    case ProvisionAnswer::exists: return "exists";
    case ProvisionAnswer::not_found: return "not_found";
    case ProvisionAnswer::busy: return "busy";
    case ProvisionAnswer::denied: return "denied";
    case ProvisionAnswer::unavailable: return "unavailable";
    case ProvisionAnswer::unknown: return "unknown";
    }
    throw std::logic_error{"no such answer of a provisioner"};
}

std::string_view to_text(ProvisionVerb verb)
{
    switch (verb) {
    case ProvisionVerb::create: return "create";
    case ProvisionVerb::resize: return "resize";
    case ProvisionVerb::suspend: return "suspend";
    case ProvisionVerb::resume: return "resume";
    case ProvisionVerb::terminate: return "terminate";
    }
    throw std::logic_error{"no such verb"};
}

std::unique_ptr<Provisioner> make_exec_provisioner(const ExecProvisionerSettings& settings)
{
    return std::make_unique<ExecProvisioner>(settings);
}

} // namespace gateway
