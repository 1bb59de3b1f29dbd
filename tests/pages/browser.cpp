#include "browser.h"

#include "driver.h"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <stdexcept>
#include <thread>

namespace browser {
namespace {

using namespace std::chrono_literals;
using site::Json;

Json owned(json_t* value) { return {value, json_decref}; }

std::string dump(const json_t* value)
{
    char* text = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);
    std::string copy{text ? text : ""};
    std::free(text);
    return copy;
}

std::string plain(const json_t* value)
{
    if (json_is_string(value)) return json_string_value(value);
    return json_is_null(value) || !value ? "" : dump(value);
}

std::string at(const json_t* value, const std::vector<const char*>& path)
{
    for (const char* member : path) value = json_object_get(value, member);
    return plain(value);
}

/// What a new browser is asked to be. It speaks to nobody but this machine.
json_t* wishes()
{
    auto* arguments = json_pack("[s, s, s, s, s, s, s, s, s]", "--headless=new", "--disable-dev-shm-usage", "--disable-gpu",
        "--no-first-run", "--disable-background-networking", "--disable-component-update", "--hide-scrollbars", "--window-size=1000,900",
        "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1");
    if (geteuid() == 0) json_array_append_new(arguments, json_string("--no-sandbox")); // Chromium's own sandbox needs another user
    json_array_append_new(arguments, json_string("--lang=en"));
    return json_pack("{s: {s: {s: s, s: {s: o}, s: {s: s, s: s}}}}", "capabilities", "alwaysMatch", "browserName", "chrome",
        "goog:chromeOptions", "args", arguments, "goog:loggingPrefs", "browser", "ALL", "performance", "ALL");
}

/// The first code point of a text, as UTF-8.
std::string first_sign(const std::string& text, std::size_t from)
{
    auto end = from + 1;
    while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) ++end;
    return text.substr(from, end - from);
}

const std::string by_id = "document.getElementById('";

} // namespace

const std::string tab{"\uE004"}, enter{"\uE007"}, space{" "}, escape{"\uE00C"}, arrow_down{"\uE015"}, backspace{"\uE003"};

Browser::Browser()
{
    const auto made = site::ask({.method = "POST", .path = driver() + "/session", .body = dump(owned(wishes()).get())});
    session_ = made.at("value.sessionId");
    if (session_.empty()) throw std::runtime_error{"no browser: " + made.body.substr(0, 500)};
    const auto process = made.at("value.capabilities.goog:processID");
    process_ = process.empty() ? 0 : std::stol(process);
}

Browser::~Browser()
{
    site::ask({.method = "DELETE", .path = driver() + "/session/" + session_});
    end_process(process_);
}

Json Browser::call(const std::string& method, const std::string& path, Json body)
{
    const auto sent = method == "GET" ? "" : body ? dump(body.get()) : "{}";
    const auto answer = site::ask({.method = method, .path = driver() + "/session/" + session_ + path, .body = sent});
    if (answer.status != 200) throw std::runtime_error{"the browser: " + path + ": " + answer.body.substr(0, 500)};
    const auto whole = answer.json();
    return owned(json_incref(json_object_get(whole.get(), "value")));
}

Json Browser::devtools(const std::string& command, json_t* parameters)
{
    return call("POST", "/goog/cdp/execute", owned(json_pack("{s: s, s: o}", "cmd", command.c_str(), "params", parameters)));
}

void Browser::sign_in(const site::Member& member)
{
    auto url = site::environment("TEST_URL");
    open(url.insert(url.find("://") + 3, member.credentials() + '@') + "/pages/icon.svg");
}

void Browser::open(const std::string& path)
{
    const auto url = (path.starts_with('/') ? site::environment("TEST_URL") : "") + path;
    call("POST", "/url", owned(json_pack("{s: s}", "url", url.c_str())));
}

std::string Browser::address() { return plain(call("GET", "/url").get()); }

void Browser::resize(int width, int height)
{
    devtools("Emulation.setDeviceMetricsOverride",
        json_pack("{s: i, s: i, s: i, s: b}", "width", width, "height", height, "deviceScaleFactor", 1, "mobile", 0));
}

void Browser::prefer_dark(bool dark)
{
    devtools("Emulation.setEmulatedMedia",
        json_pack("{s: [{s: s, s: s}]}", "features", "name", "prefers-color-scheme", "value", dark ? "dark" : "light"));
}

void Browser::block(const std::string& pattern)
{
    devtools("Network.enable", json_object());
    devtools("Network.setBlockedURLs", json_pack("{s: [s]}", "urls", pattern.c_str()));
}

std::string Browser::run(const std::string& script)
{
    return plain(call("POST", "/execute/sync", owned(json_pack("{s: s, s: []}", "script", script.c_str(), "args"))).get());
}

std::string Browser::text(const std::string& id) { return run("const node = " + by_id + id + "'); return node ? node.innerText : '';"); }

bool Browser::waits_for(const std::string& condition)
{
    const auto end = std::chrono::steady_clock::now() + 30s;
    while (run("return Boolean(" + condition + ");") != "true") {
        if (std::chrono::steady_clock::now() > end) return false;
        std::this_thread::sleep_for(50ms);
    }
    return true;
}

bool Browser::shows(const std::string& id, const std::string& part)
{
    const auto wanted = dump(owned(json_string(part.c_str())).get());
    return waits_for(by_id + id + "')?.innerText.includes(" + wanted + ")");
}

void Browser::press(const std::vector<std::string>& keys)
{
    auto* actions = json_array();
    for (const auto& key : keys)
        for (std::size_t from = 0; from < key.size();) {
            const auto sign = first_sign(key, from);
            for (const char* half : {"keyDown", "keyUp"})
                json_array_append_new(actions, json_pack("{s: s, s: s}", "type", half, "value", sign.c_str()));
            from += sign.size();
        }
    call("POST", "/actions", owned(json_pack("{s: [{s: s, s: s, s: o}]}", "actions", "type", "key", "id", "keyboard", "actions", actions)));
}

void Browser::tab_to(const std::string& id)
{
    if (id != "IFRAME") waits_for("(node => node?.checkVisibility() && !node.disabled)(" + by_id + id + "'))"); // it may be busy still
    for (int round = 0; round < 40; ++round) {
        if (focus() == id) return;
        press({tab});
    }
    throw std::runtime_error{"Tab never reaches " + id};
}

bool Browser::gets_focus(const std::string& id) { return waits_for("document.activeElement?.id === '" + id + "'"); }

std::string Browser::focus() { return run("return document.activeElement.id || document.activeElement.tagName;"); }

void Browser::enter_frame(const std::string& selector)
{
    const auto frame = call("POST", "/element", owned(json_pack("{s: s, s: s}", "using", "css selector", "value", selector.c_str())));
    call("POST", "/frame", owned(json_pack("{s: O}", "id", frame.get())));
}

void Browser::leave_frame() { call("POST", "/frame", owned(json_pack("{s: n}", "id"))); }

std::string Browser::errors(const std::vector<std::string>& expected)
{
    const auto entries = call("POST", "/se/log", owned(json_pack("{s: s}", "type", "browser")));
    std::string errors;
    for (std::size_t i = 0; i < json_array_size(entries.get()); ++i) {
        const auto* entry = json_array_get(entries.get(), i);
        const auto message = at(entry, {"message"});
        const bool is_expected = std::ranges::any_of(
            expected, [&](const std::string& status) { return message.find("status of " + status) != std::string::npos; });
        if (!is_expected && at(entry, {"level"}) != "INFO" && at(entry, {"level"}) != "DEBUG") errors += message + '\n';
    }
    return errors;
}

std::vector<Sent> Browser::requests()
{
    const auto entries = call("POST", "/se/log", owned(json_pack("{s: s}", "type", "performance")));
    std::vector<Sent> requests;
    for (std::size_t i = 0; i < json_array_size(entries.get()); ++i) {
        const auto text = at(json_array_get(entries.get(), i), {"message"});
        const auto event = owned(json_loads(text.c_str(), 0, nullptr));
        const auto* message = json_object_get(event.get(), "message");
        if (at(message, {"method"}) != "Network.requestWillBeSent") continue;
        const auto* parameters = json_object_get(message, "params");
        requests.push_back({.method = at(parameters, {"request", "method"}),
            .url = at(parameters, {"request", "url"}),
            .kind = at(parameters, {"type"}),
            .body = at(parameters, {"request", "postData"}),
            .headers = at(parameters, {"request", "headers"})});
    }
    return requests;
}

void Browser::picture(const std::string& name)
{
    const char* folder = std::getenv("PAGES_PICTURES");
    if (!folder) return;
    const auto file = std::string{folder} + '/' + name + ".png";
    std::ofstream{file + ".base64"} << plain(call("GET", "/screenshot").get());
    site::shell("base64 -d '" + file + ".base64' > '" + file + "' && rm '" + file + ".base64'");
}

} // namespace browser
