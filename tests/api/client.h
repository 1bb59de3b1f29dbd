#pragma once
#include <jansson.h>

#include <cstdint>
#include <iosfwd>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// How the tests speak with the API: over HTTP, as a member would, or byte by byte.
namespace api_test {

/// A look into a JSON document, which it keeps alive. What is not there reads as nothing; a test then fails by comparison.
class Json {
public:
    Json() = default;

    /// Not JSON: a Json that is nothing.
    static Json parse(std::string_view text);

    explicit operator bool() const noexcept { return value_ != nullptr; }
    Json operator[](const char* member) const;
    Json operator[](const std::string& member) const { return (*this)[member.c_str()]; }
    Json operator[](std::size_t index) const;
    Json operator[](int index) const { return (*this)[static_cast<std::size_t>(index)]; }

    std::size_t size() const;
    std::string text() const;    ///< "" unless it is a string
    std::int64_t number() const; ///< 0 unless it is an integer
    bool is_true() const { return json_is_true(value_.get()); }
    bool is_null() const { return json_is_null(value_.get()); } ///< the JSON null, which is not nothing
    std::string dump() const;
    json_t* get() const noexcept { return value_.get(); }

private:
    explicit Json(json_t* borrowed);
    std::shared_ptr<json_t> value_{};
};

using Headers = std::vector<std::pair<std::string, std::string>>;

struct Answer {
    int status{0}; ///< 0: no answer came
    Headers headers{};
    std::string body{};

    /// The header's value, whatever the case of its name; "" if it is absent.
    std::string header(std::string_view name) const;
    std::size_t count(std::string_view name) const;

    Json json() const { return Json::parse(body); }
    Json operator[](const char* member) const { return json()[member]; }
};

/// Shows what came, for the message of a failed test.
std::ostream& operator<<(std::ostream& out, const Answer& answer);

struct Credentials {
    std::string username{};
    std::string password{};
};

/// One request as it shall go out; a body is sent as application/json unless the headers say otherwise.
struct Call {
    std::string method{"GET"};
    std::string path{"/"};
    std::optional<std::string> body{};
    Headers headers{};
};

/// Speaks with the stack under test as one account, on a connection that it keeps. Not for two threads at once.
class Client {
public:
    /// Nobody.
    Client() : Client{std::nullopt} {}
    explicit Client(std::optional<Credentials> credentials);

    Answer send(const Call& call);
    Answer get(const std::string& path, Headers headers = {}) { return send({"GET", path, std::nullopt, std::move(headers)}); }
    Answer post(const std::string& path, std::optional<std::string> body = std::nullopt, Headers headers = {})
    {
        return send({"POST", path, std::move(body), std::move(headers)});
    }
    Answer put(const std::string& path, std::optional<std::string> body, Headers headers = {})
    {
        return send({"PUT", path, std::move(body), std::move(headers)});
    }
    Answer remove(const std::string& path) { return send({"DELETE", path, std::nullopt, {}}); }

private:
    struct Release {
        void operator()(void* handle) const noexcept;
    };
    std::unique_ptr<void, Release> curl_;
    std::optional<Credentials> credentials_;
};

/// The value of an Authorization header (Basic).
std::string basic(std::string_view username, std::string_view password);

std::string base64(std::string_view bytes);

/// Sends the bytes to the site as they are and reads until it closes, or for `seconds`. Add "Connection: close".
Answer exchange(const std::string& bytes, int seconds = 5);

} // namespace api_test
