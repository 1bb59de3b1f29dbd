#include "challenge_page.h"

#include "amounts.h"
#include "object_store.h"
#include "parameters.h"
#include "payment_confirmation.h"
#include "setup_intents.h"
#include "unix_time.h"

#include <fmt/format.h>

#include <optional>

namespace stripe_fake {
namespace {

/// A challenge and the intent it is about.
struct Challenge {
    Object intent{};
    std::string id{};
    std::string return_url{};
    bool by_library{false};

    bool is_open() const { return intent.text("status") == "requires_action" && intent.hidden_text("challenge") == id; }
};

std::string url_encoded(const std::string& text)
{
    std::string encoded;
    for (const char c : text)
        encoded += std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '-'
            ? std::string(1, c)
            : fmt::format("%{:02X}", static_cast<unsigned char>(c));
    return encoded;
}

/// The merchant's address with what Stripe adds to it; a fragment stays at the end.
std::string way_back(const Challenge& challenge)
{
    const auto& intent = challenge.intent;
    const auto status = intent.text("status");
    const bool good = status == "succeeded" || status == "processing" || status == "requires_capture";
    const auto added = intent.kind + '=' + url_encoded(intent.id) + '&' + intent.kind
        + "_client_secret=" + url_encoded(intent.text("client_secret")) + "&redirect_status=" + (good ? "succeeded" : "failed");
    const auto hash = challenge.return_url.find('#');
    const auto base = challenge.return_url.substr(0, hash);
    return base + (base.find('?') == std::string::npos ? '?' : '&') + added
        + (hash == std::string::npos ? "" : challenge.return_url.substr(hash));
}

http::Response page(int status, const std::string& title, const std::string& content)
{
    return http::Response{.status = status,
        .body = "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" "
                "content=\"width=device-width\">\n"
                "<title>"
            + title + "</title>\n<link rel=\"stylesheet\" href=\"/v3/challenge.css\">\n</head>\n<body>\n<main>\n<h1>" + title + "</h1>\n"
            + content + "\n</main>\n</body>\n</html>\n",
        .content_type = "text/html; charset=utf-8"}
        .with("Content-Security-Policy", "default-src 'none'; style-src 'self'; script-src 'self'; base-uri 'none'")
        .with("Referrer-Policy", "no-referrer")
        .with("X-Content-Type-Options", "nosniff");
}

std::string what_is_asked(const Object& intent)
{
    if (intent.kind == "setup_intent") return "Do you allow the merchant to keep your card for later payments?";
    return "Do you allow this payment of <strong>" + amount_text(intent.integer("amount"), intent.text("currency")) + "</strong>?";
}

http::Response question(const Challenge& challenge)
{
    return page(200, "Test bank: 3-D Secure",
        "<p>" + what_is_asked(challenge.intent)
            + "</p>\n<p class=\"note\">This page stands in for the cardholder's bank. No money moves.</p>\n"
              "<form method=\"post\">\n"
              "<button name=\"outcome\" value=\"succeeded\">Complete authentication</button>\n"
              "<button name=\"outcome\" value=\"failed\" class=\"secondary\">Fail authentication</button>\n"
              "</form>");
}

/// What a dialog of the browser library shows for a moment; the script tells the library.
http::Response dialog_done(const Challenge& challenge)
{
    return page(200, "Test bank: thank you",
        "<p>You can go back to the merchant now.</p>\n<script src=\"/v3/challenge.js\" data-challenge=\"" + challenge.id + "\"></script>");
}

http::Response back_to_merchant(const http::Request& request, const Challenge& challenge)
{
    const bool in_dialog = challenge.by_library && request.param("HTTP_SEC_FETCH_DEST") == "iframe";
    if (in_dialog || challenge.return_url.empty()) return dialog_done(challenge);
    return http::Response{.status = 303, .content_type = "text/html"}.with("Location", way_back(challenge));
}

http::Response nothing_here() { return page(404, "Not found", "<p>There is no such authentication.</p>"); }

/// To be shown; locked, and read again, where it is to change.
std::optional<Challenge> find_challenge(store::Session& session, const std::string& id, bool locked)
{
    ObjectStore objects{session};
    const auto object = objects.look_at(id);
    if (!object || object->kind != "challenge") return std::nullopt;
    auto intent = objects.look_at(object->hidden_text("intent"));
    if (intent && locked) intent = objects.find(intent->kind, intent->id);
    if (!intent) return std::nullopt;
    return Challenge{
        *std::move(intent), id, object->hidden_text("return_url"), json_is_true(json_object_get(object->hidden.get(), "by_library"))};
}

} // namespace

ChallengePage::ChallengePage(store::Database& database, const gateway::Clock& clock, std::string secret, std::function<void()> told)
    : database_{database}, clock_{clock}, secret_{std::move(secret)}, told_{std::move(told)}
{
}

void ChallengePage::add_routes(http::Router& router) const
{
    router.on("GET", "/redirect/authenticate/{id}", [this](const http::Request& request) { return show(request); });
    router.on("POST", "/redirect/authenticate/{id}", [this](const http::Request& request) { return answer(request); });
}

http::Response ChallengePage::show(const http::Request& request) const
{
    const auto challenge = database_.read([&](store::Session& session) { return find_challenge(session, request.segments[0], false); });
    if (!challenge) return nothing_here();
    return challenge->is_open() ? question(*challenge) : back_to_merchant(request, *challenge);
}

http::Response ChallengePage::answer(const http::Request& request) const
{
    const auto outcome = Parameters{request.body}.text("outcome").value_or("");
    if (outcome != "succeeded" && outcome != "failed")
        return page(400, "Test bank: 3-D Secure", "<p>The outcome must be one of succeeded or failed.</p>");
    const auto now = clock_.now();
    const auto challenge = database_.transact([&](store::Session& session) {
        auto found = find_challenge(session, request.segments[0], true);
        if (!found || !found->is_open()) return found; // answered before: the same way back
        Work work{.session = session, .now_ms = unix_ms(now), .today = clock_.day_of(now), .secret = secret_};
        if (found->intent.kind == "setup_intent") finish_setup(work, found->intent, outcome == "succeeded");
        else finish_payment(work, found->intent, outcome == "succeeded");
        return found;
    });
    if (!challenge) return nothing_here();
    told_();
    return back_to_merchant(request, *challenge);
}

} // namespace stripe_fake
