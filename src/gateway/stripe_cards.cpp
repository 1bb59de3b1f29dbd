#include "domain/hex.h"
#include "gateway/card_gateway.h"
#include "gateway/http_client.h"
#include "gateway/random_uuid.h"
#include "logging/log.h"

#include <jansson.h>
#include <openssl/crypto.h>
#include <openssl/sha.h>

#include <algorithm>
#include <array>
#include <initializer_list>
#include <random>
#include <string_view>
#include <thread>

namespace gateway {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

constexpr const char* api_version = "2026-10-28.endive";
constexpr const char* user_agent = "uncloud-billing/1.0";
constexpr auto connect_timeout = 2s;
constexpr auto deadline = 10s; // for a call with all its repetitions; nginx gives up a little later
constexpr int max_retries = 2;

void wipe(std::string& text)
{
    text.resize(text.capacity()); // what once stood behind the end, too
    OPENSSL_cleanse(text.data(), text.size());
}

/// An application/x-www-form-urlencoded body. It may hold a card, so its memory is wiped.
class FormBody {
public:
    using Fields = std::initializer_list<std::pair<std::string_view, std::string_view>>;

    FormBody(Fields fields)
    {
        std::size_t size = 0;
        for (const auto& [name, value] : fields) size += name.size() + 3 * value.size() + 2;
        text_.reserve(size); // growing would leave copies behind
        for (const auto& [name, value] : fields) {
            if (!text_.empty()) text_ += '&';
            text_ += name; // a literal with brackets, which Stripe takes as they are
            text_ += '=';
            append_escaped(value);
        }
    }
    ~FormBody() { wipe(text_); }
    FormBody(const FormBody&) = delete;
    FormBody& operator=(const FormBody&) = delete;

    std::string_view text() const noexcept { return text_; }

private:
    void append_escaped(std::string_view value)
    {
        constexpr char digits[] = "0123456789ABCDEF";
        for (const char c : value) {
            const auto byte = static_cast<unsigned char>(c);
            const bool plain =
                (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-' || c == '_' || c == '.' || c == '~';
            if (plain) {
                text_ += c;
            } else {
                text_ += '%';
                text_ += digits[byte >> 4];
                text_ += digits[byte & 0x0f];
            }
        }
    }

    std::string text_{};
};

/// What Stripe answered to a call.
class Reply {
public:
    explicit Reply(HttpAnswer answer)
        : answer_{std::move(answer)}, object_{json_loadb(answer_.body.data(), answer_.body.size(), JSON_REJECT_DUPLICATES, nullptr)}
    {
    }

    int status() const { return answer_.status; }
    std::string request_id() const { return std::string{answer_.header("Request-Id")}; }

    /// The text at the end of a path of members, or empty.
    std::string text(std::initializer_list<const char*> path) const
    {
        const char* text = json_string_value(find(path));
        return text ? text : "";
    }

    int integer(std::initializer_list<const char*> path) const { return static_cast<int>(json_integer_value(find(path))); }

    /// The card was asked about and refused. A 402 of another type is a mistake of ours.
    bool is_decline() const { return status() == 402 && text({"error", "type"}) == "card_error"; }

private:
    struct Release {
        void operator()(json_t* value) const noexcept { json_decref(value); }
    };

    json_t* find(std::initializer_list<const char*> path) const
    {
        auto* value = object_.get();
        for (const char* member : path) value = json_object_get(value, member); // of nothing: nothing
        return value;
    }

    HttpAnswer answer_;
    std::unique_ptr<json_t, Release> object_;
};

/// Stripe's own rule for its libraries: the header outranks the status, and 429 is not among those repeated.
bool should_retry(const HttpAnswer& answer)
{
    const auto told = answer.header("Stripe-Should-Retry");
    if (told == "true") return true;
    if (told == "false") return false;
    return answer.status == 0 || answer.status == 409 || answer.status >= 500;
}

/// 0.5 s, doubled each time, less up to half of it so that clients do not come back together; never under 0.5 s.
std::chrono::milliseconds delay_before(int retry)
{
    thread_local std::minstd_rand random{std::random_device{}()};
    const auto full = 500 * (1 << (retry - 1));
    return std::chrono::milliseconds{std::max(500, std::uniform_int_distribution{full / 2, full}(random))};
}

std::chrono::milliseconds time_until(Clock::time_point end)
{
    return std::chrono::duration_cast<std::chrono::milliseconds>(end - Clock::now());
}

/// The request, repeated as far as the rule and the deadline allow.
HttpAnswer ask_repeatedly(HttpRequest request)
{
    const auto end = Clock::now() + deadline;
    for (int retry = 1;; ++retry) {
        request.timeout = std::max(1ms, time_until(end));
        auto answer = exchange(request);
        if (retry > max_retries || !should_retry(answer)) return answer;
        const auto delay = delay_before(retry);
        if (delay >= time_until(end)) return answer;
        std::this_thread::sleep_for(delay);
    }
}

/// An idempotency key for exactly these values: printable whatever they are, and telling nothing about them.
std::string key_for(const std::string& purpose, std::initializer_list<std::string_view> values)
{
    std::string text;
    for (const auto value : values) text += std::to_string(value.size()) + ':' + std::string{value};
    unsigned char digest[SHA256_DIGEST_LENGTH];
    SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest);
    return purpose + '-' + domain::to_hex(std::span{digest}.first(16));
}

/// True for an id that Stripe could have given: it goes into a path.
bool is_payment_method_id(std::string_view id)
{
    constexpr std::string_view characters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_";
    return id.starts_with("pm_") && id.size() > 3 && id.size() <= 255 && id.find_first_not_of(characters) == std::string_view::npos;
}

/// What may be told of a decline. Lost, stolen and suspected cards, and codes nobody has heard of yet, are "generic".
std::string decline_code_of(const Reply& reply)
{
    static constexpr auto told = std::to_array<std::string_view>({"approve_with_id", "authentication_not_handled",
        "authentication_required", "call_issuer", "card_not_supported", "card_velocity_exceeded", "currency_not_supported", "do_not_honor",
        "duplicate_transaction", "expired_card", "generic_decline", "incorrect_address", "incorrect_cvc", "incorrect_number",
        "incorrect_pin", "incorrect_zip", "insufficient_funds", "invalid_account", "invalid_amount", "invalid_cvc", "invalid_expiry_month",
        "invalid_expiry_year", "invalid_number", "invalid_pin", "issuer_not_available", "mobile_device_authentication_required",
        "new_account_information_available", "no_action_taken", "not_permitted", "offline_pin_required", "online_or_offline_pin_required",
        "pin_try_exceeded", "processing_error", "reenter_transaction", "service_not_allowed", "testmode_decline", "transaction_not_allowed",
        "try_again_later", "withdrawal_count_limit_exceeded"});
    auto code = reply.text({"error", "decline_code"});
    if (code.empty()) code = reply.text({"error", "code"});
    return std::ranges::binary_search(told, code) ? code : "generic_decline";
}

/// The slug for a field of a card that Stripe could not even read, or empty if that was not the trouble.
std::string unreadable_card_field(const Reply& reply)
{
    if (reply.status() != 400) return {};
    const auto param = reply.text({"error", "param"});
    if (param == "card[number]") return "invalid_number";
    if (param == "card[exp_month]") return "invalid_expiry_month";
    if (param == "card[exp_year]") return "invalid_expiry_year";
    if (param == "card[cvc]") return "invalid_cvc";
    return {};
}

domain::Card card_of(const Reply& reply)
{
    return {.gateway_id = reply.text({"id"}),
        .brand = reply.text({"card", "brand"}),
        .last4 = reply.text({"card", "last4"}),
        .exp_month = reply.integer({"card", "exp_month"}),
        .exp_year = reply.integer({"card", "exp_year"}),
        .fingerprint = reply.text({"card", "fingerprint"}),
        .country = reply.text({"card", "country"}),
        .funding = reply.text({"card", "funding"})};
}

CardResult accepted(const Reply& payment_method)
{
    if (payment_method.text({"id"}).empty()) return {}; // a 200 of something else on the way
    if (payment_method.text({"type"}) != "card") return {.state = CardState::refused, .decline_code = "invalid_token"};
    return {.state = CardState::accepted, .card = card_of(payment_method)};
}

class StripeCards : public CardGateway {
public:
    explicit StripeCards(StripeSettings settings) : settings_{std::move(settings)}
    {
        while (settings_.url.ends_with('/')) settings_.url.pop_back();
    }

    CustomerResult create_customer(const std::string& account, const std::string& email, const std::string& name) override
    {
        // A key stands for one body. Address and name may change until a lost answer is asked for again, so they follow
        // in a call of their own.
        const auto made = post("create_customer", "/v1/customers", FormBody{{"metadata[account]", account}}, "cus-" + account);
        const auto id = made.text({"id"});
        if (made.status() != 200 || id.empty()) return {};
        // If this fails the customer has no name at Stripe; the card can be kept nevertheless.
        post("name_customer", "/v1/customers/" + id, FormBody{{"email", email}, {"name", name}}, key_for("cus-name", {id, email, name}));
        return {.state = CardState::accepted, .id = id};
    }

    CardResult attach(const std::string& token, const std::string& customer, const std::string& attempt) override
    {
        if (!is_payment_method_id(token)) return {.state = CardState::refused, .decline_code = "invalid_token"};
        const auto reply = post("attach", "/v1/payment_methods/" + token + "/attach", FormBody{{"customer", customer}},
            key_for("attach", {attempt, token, customer}));
        if (reply.status() == 200) return accepted(reply);
        if (reply.is_decline()) return {.state = CardState::refused, .decline_code = decline_code_of(reply)};
        if (reply.text({"error", "param"}) == "customer") return {}; // not the token's fault
        if (reply.text({"error", "code"}) == "resource_missing") return {.state = CardState::refused, .decline_code = "unknown_token"};
        if (reply.status() == 400 && reply.text({"error", "type"}) == "invalid_request_error") return attached_already(token, customer);
        return {};
    }

    CardState detach(const std::string& gateway_id) override
    {
        if (!is_payment_method_id(gateway_id)) return CardState::refused;
        const auto path = "/v1/payment_methods/" + gateway_id;
        const auto reply = post("detach", path + "/detach", FormBody{}, "detach-" + gateway_id);
        if (reply.status() == 200 || reply.status() == 404) return CardState::accepted;
        if (reply.status() != 400) return CardState::unknown;
        // Stripe has no code for "not attached", so its state is looked at.
        const auto found = get("read_payment_method", path);
        const bool untied = found.status() == 404 || (found.status() == 200 && found.text({"customer"}).empty());
        return untied ? CardState::accepted : CardState::unknown;
    }

    TokenResult tokenize(const RawCard& card) override
    {
        const auto reply = post("tokenize", "/v1/payment_methods",
            FormBody{{"type", "card"}, {"card[number]", card.number}, {"card[exp_month]", card.exp_month},
                {"card[exp_year]", card.exp_year}, {"card[cvc]", card.cvc}},
            "token-" + random_uuid().text()); // not from the card: keys are kept and logged
        const auto token = reply.text({"id"});
        if (reply.status() == 200 && !token.empty()) return {.state = CardState::accepted, .token = token};
        if (reply.is_decline()) return {.state = CardState::refused, .decline_code = decline_code_of(reply)};
        if (const auto code = unreadable_card_field(reply); !code.empty()) return {.state = CardState::refused, .decline_code = code};
        return {};
    }

    SetupResult begin_setup(const std::string& customer, const std::string& nonce) override
    {
        const auto reply = post("begin_setup", "/v1/setup_intents",
            FormBody{{"customer", customer}, {"usage", "off_session"}, {"payment_method_types[0]", "card"}},
            key_for("seti", {customer, nonce}));
        const auto secret = reply.text({"client_secret"});
        if (reply.status() != 200 || secret.empty()) return {};
        return {.state = CardState::accepted, .client_secret = secret};
    }

private:
    Reply post(const char* purpose, const std::string& path, const FormBody& body, const std::string& key)
    {
        return call(purpose,
            {.method = "POST",
                .url = settings_.url + path,
                .headers = {{"Content-Type", "application/x-www-form-urlencoded"}, {"Idempotency-Key", key}},
                .body = body.text()});
    }

    Reply get(const char* purpose, const std::string& path) { return call(purpose, {.url = settings_.url + path}); }

    Reply call(const char* purpose, HttpRequest request)
    {
        request.headers.emplace_back("Authorization", "Bearer " + settings_.secret_key);
        request.headers.emplace_back("Stripe-Version", api_version);
        request.headers.emplace_back("User-Agent", user_agent);
        request.connect_timeout = connect_timeout;
        Reply reply{ask_repeatedly(std::move(request))};
        log(purpose, reply);
        return reply;
    }

    /// Stripe's request id is what its support asks for. Neither message nor parameters: they may repeat what was sent.
    static void log(const char* purpose, const Reply& reply)
    {
        const bool usual = reply.status() == 200 || reply.is_decline();
        const bool our_mistake = reply.status() == 401 || reply.status() == 403 || reply.text({"error", "type"}) == "idempotency_error";
        logging::event(usual  ? "info"
                : our_mistake ? "error"
                              : "warning",
            "stripe_call",
            {{"purpose", purpose}, {"status", std::to_string(reply.status())}, {"stripe_request_id", reply.request_id()},
                {"type", reply.text({"error", "type"})}, {"code", reply.text({"error", "code"})}});
    }

    /// Stripe does not take the token: the browser's registration or an earlier call may have attached it already.
    CardResult attached_already(const std::string& token, const std::string& customer)
    {
        const auto found = get("read_payment_method", "/v1/payment_methods/" + token);
        if (found.status() == 200 && found.text({"customer"}) == customer) return accepted(found);
        if (found.status() == 200 || found.status() == 404) return {.state = CardState::refused, .decline_code = "invalid_token"};
        return {};
    }

    StripeSettings settings_;
};

} // namespace

RawCard::~RawCard()
{
    for (auto* text : {&number, &exp_month, &exp_year, &cvc}) wipe(*text);
}

std::unique_ptr<CardGateway> make_stripe_cards(const StripeSettings& settings) { return std::make_unique<StripeCards>(settings); }

} // namespace gateway
