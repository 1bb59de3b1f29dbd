#pragma once
#include <jansson.h>

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

// The stack under test, as a client sees it.
namespace site {

using Json = std::unique_ptr<json_t, void (*)(json_t*)>;

struct Answer {
    int status{0}; ///< 0: no answer
    std::string body{};
    std::vector<std::pair<std::string, std::string>> headers{}; ///< names in lower case, in order

    std::string header(const std::string& name) const;
    std::size_t count(const std::string& name) const;
    Json json() const;
    /// The text or number at a dotted path: "items.0.uuid"; empty if there is none.
    std::string at(const std::string& path) const;
};

struct Ask {
    std::string method{"GET"};
    std::string path{}; ///< or a whole URL, of another server
    std::string body{};
    std::string credentials{}; ///< "name:password"; empty: none
    std::vector<std::string> headers{};
    std::string content_type{"application/json"};
};

Answer ask(const Ask& request);

/// A member of its own for one test: an account in the directory, which has signed in once.
struct Member {
    std::string name{};
    std::string password{};

    std::string credentials() const { return name + ':' + password; }
    Answer get(const std::string& path) const { return ask({.path = path, .credentials = credentials()}); }
    Answer send(
        const std::string& method, const std::string& path, const std::string& body = "", std::vector<std::string> headers = {}) const
    {
        return ask({.method = method, .path = path, .body = body, .credentials = credentials(), .headers = std::move(headers)});
    }
};

Member fresh_member();

/// A fresh member whose account has the language: de, fr, it or en.
Member member_speaking(const std::string& language);

/// A fresh member who pays on bill, with the membership.
Member member_on_bill();

/// A fresh member with a card, and no order: what is bought next stands on a document of its own.
Member member_with_card();

/// A fresh member with a card and the membership.
Member joined_member();

/// An active VM of the member; its uuid.
std::string active_vm(const Member& member);

extern const Member the_operator;

std::string fresh_uuid();

/// What an order of a small VM says in its body.
extern const std::string small_vm;

/// Asks until the answer fulfils the wish, a minute at most; the last answer.
Answer eventually(const std::function<Answer()>& question, const std::function<bool(const Answer&)>& wish);

/// Runs the work in that many threads at once.
void at_once(int threads, const std::function<void(int)>& work);

/// Runs a shell command; its standard output. Throws if it fails.
std::string shell(const std::string& command);

std::string environment(const char* name);

/// The running services of the stack by name.
std::map<std::string, int> services();

} // namespace site
