#include "client/journal.h"

#include "client/durable_file.h"
#include "client/failure.h"
#include "domain/calendar.h"
#include "gateway/random_uuid.h"
#include "http/json_text.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace client {
namespace {

using gateway::JsonNode;
using http::JsonText;

constexpr const char* suffix = ".jsonl";

std::string now_text() { return domain::to_text(std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now())); }

JsonText json_of(const PurchaseWish& wish)
{
    auto options = JsonText::array();
    for (const auto& option : wish.options) options.push(option);
    auto configuration = JsonText::array();
    for (const auto& [label, value] : wish.configuration) configuration.push(JsonText::object().set("label", label).set("value", value));
    auto json = JsonText::object()
                    .set("plan", wish.plan_code)
                    .set("product", wish.product)
                    .set("duration", wish.term.duration)
                    .set("pricing_mode", wish.term.mode)
                    .set("quantity", wish.quantity)
                    .set("options", options)
                    .set("configuration", configuration)
                    .set("subsidiary", wish.subsidiary)
                    .set("auto_pay", wish.terms.auto_pay)
                    .set("waive_retraction", wish.terms.waive_retraction);
    if (wish.max_total)
        json.set("max_total", JsonText::object().set("ucents", wish.max_total->ucents).set("currency", wish.max_total->currency));
    return json;
}

std::optional<Amount> amount_noted(JsonNode node)
{
    const auto ucents = node.number({"ucents"});
    if (!ucents) return std::nullopt;
    return Amount{*ucents, node.text({"currency"})};
}

PurchaseWish wish_in(JsonNode node)
{
    PurchaseWish wish{.plan_code = node.text({"plan"}),
        .product = node.text({"product"}),
        .term = {node.text({"duration"}), node.text({"pricing_mode"})},
        .quantity = node.number({"quantity"}).value_or(1),
        .options = texts_in(node.at({"options"})),
        .subsidiary = node.text({"subsidiary"}),
        .terms = {.auto_pay = node.flag({"auto_pay"}), .waive_retraction = node.flag({"waive_retraction"})},
        .max_total = amount_noted(node.at({"max_total"}))};
    for (const auto& each : node.items({"configuration"})) wish.configuration[each.text({"label"})] = each.text({"value"});
    return wish;
}

void play(PurchaseState& state, JsonNode line)
{
    const auto event = line.text({"event"});
    if (event == "begun") {
        state.endpoint_url = line.text({"endpoint"});
        state.wish = wish_in(line.at({"wish"}));
    } else if (event == "wish") {
        state.wish = wish_in(line.at({"wish"}));
    } else if (event == "cart") {
        state.cart = line.text({"cart"});
        state.made_cart = line.flag({"made"});
    } else if (event == "shown") {
        state.shown_total = amount_noted(line);
    } else if (event == "checkout_sent") {
        state.checkout_sent_at = line.text({"at"});
        state.was_sent = true;
    } else if (event == "checkout_not_taken") {
        state.checkout_sent_at.clear();
    } else if (event == "ordered") {
        state.order = line.number({"order"});
        state.order_total = amount_noted(line);
    } else if (event == "ended") {
        state.ended = line.text({"how"});
    }
}

struct Content {
    PurchaseState state{};
    std::size_t whole{0}; ///< bytes up to the end of the last whole line
};

Content read(const std::string& file)
{
    std::ifstream in{file, std::ios::binary};
    const std::string text{std::istreambuf_iterator<char>{in}, {}};
    Content content{.state = {.id = std::filesystem::path{file}.stem().string()}};
    for (std::size_t end; (end = text.find('\n', content.whole)) != std::string::npos; content.whole = end + 1)
        play(content.state, gateway::JsonDocument{std::string_view{text}.substr(content.whole, end - content.whole)}.root());
    return content;
}

std::string file_of(const std::string& folder, const std::string& id) { return folder + '/' + id + suffix; }

int open_locked(const std::string& file, int flags)
{
    const int descriptor = ::open(file.c_str(), flags | O_WRONLY | O_APPEND | O_CLOEXEC, 0600);
    if (descriptor < 0) {
        const auto exit = errno == ENOENT ? Exit::not_found : Exit::usage;
        throw Failure{exit, "cannot open the journal " + file + ": " + std::strerror(errno)};
    }
    if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
        ::close(descriptor);
        throw Failure{Exit::conflict, "another ovh-order works on this purchase", "wait for it, or end it"};
    }
    return descriptor;
}

JsonText event(const char* name) { return JsonText::object().set("event", name).set("at", now_text()); }

} // namespace

bool operator==(const PurchaseWish& a, const PurchaseWish& b) { return json_of(a).dump() == json_of(b).dump(); }

PurchaseJournal::PurchaseJournal(PurchaseJournal&& other) noexcept
    : descriptor_{std::exchange(other.descriptor_, -1)}, file_{std::move(other.file_)}, state_{std::move(other.state_)}
{
}

PurchaseJournal::~PurchaseJournal()
{
    if (descriptor_ >= 0) ::close(descriptor_);
}

PurchaseJournal PurchaseJournal::begin(const std::string& folder, const std::string& endpoint_url, const PurchaseWish& wish)
{
    std::error_code failed;
    std::filesystem::create_directories(folder, failed);
    if (failed) throw Failure{Exit::usage, "cannot make the journal's folder " + folder + ": " + failed.message()};
    const auto id = gateway::random_uuid().text();
    const auto file = file_of(folder, id);
    PurchaseJournal journal{open_locked(file, O_CREAT | O_EXCL), file};
    journal.state_.id = id;
    journal.write(event("begun").set("endpoint", endpoint_url).set("wish", json_of(wish)).dump());
    sync_folder_of(file);
    return journal;
}

PurchaseJournal PurchaseJournal::resume(const std::string& folder, const std::string& id)
{
    if (id.empty() || id.find_first_not_of("0123456789abcdef-") != std::string::npos)
        throw Failure{Exit::usage, "\"" + id + "\" is no purchase's id"};
    const auto file = file_of(folder, id);
    PurchaseJournal journal{open_locked(file, 0), file};
    auto content = read(file);
    if (::ftruncate(journal.descriptor_, static_cast<off_t>(content.whole)) != 0) // what a crash cut off
        throw Failure{Exit::usage, "cannot repair the journal " + file};
    journal.state_ = std::move(content.state);
    return journal;
}

void PurchaseJournal::write(const std::string& line)
{
    write_durably(descriptor_, line + '\n', file_);
    play(state_, gateway::JsonDocument{line}.root());
}

void PurchaseJournal::note_wish(const PurchaseWish& wish) { write(event("wish").set("wish", json_of(wish)).dump()); }

void PurchaseJournal::note_cart(const std::string& cart, bool made_by_us)
{
    write(event("cart").set("cart", cart).set("made", made_by_us).dump());
}

void PurchaseJournal::note_shown(const Amount& with_tax)
{
    write(event("shown").set("ucents", with_tax.ucents).set("currency", with_tax.currency).dump());
}

void PurchaseJournal::note_checkout_sent() { write(event("checkout_sent").dump()); }

void PurchaseJournal::note_checkout_not_taken(const std::string& reason)
{
    write(event("checkout_not_taken").set("reason", reason).dump());
}

void PurchaseJournal::note_order(std::int64_t order, const std::optional<Amount>& with_tax)
{
    auto line = event("ordered").set("order", order);
    if (with_tax) line.set("ucents", with_tax->ucents).set("currency", with_tax->currency);
    write(line.dump());
}

void PurchaseJournal::note_end(const std::string& how) { write(event("ended").set("how", how).dump()); }

std::vector<PurchaseState> unfinished_purchases(const std::string& folder)
{
    std::vector<PurchaseState> all;
    std::error_code failed;
    for (const auto& entry : std::filesystem::directory_iterator{folder, failed})
        if (entry.path().extension() == suffix)
            if (auto content = read(entry.path().string()); content.state.ended.empty() && !content.state.endpoint_url.empty())
                all.push_back(std::move(content.state));
    std::ranges::sort(all, {}, &PurchaseState::id); // version 7: by time
    return all;
}

std::string usual_journal_folder()
{
    if (const char* state = std::getenv("XDG_STATE_HOME"); state && *state) return std::string{state} + "/ovh-order";
    const char* home = std::getenv("HOME");
    if (!home || !*home) throw Failure{Exit::usage, "there is no place for the journal", "set HOME, or give --journal"};
    return std::string{home} + "/.local/state/ovh-order";
}

} // namespace client
