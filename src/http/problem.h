#pragma once
#include "domain/refusal.h"
#include "http/message.h"

#include <stdexcept>
#include <string>
#include <vector>

namespace http {

/// The request cannot be understood; answered with 400 and the message.
struct BadRequest : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// What is wrong with one member of the body.
struct Fault {
    std::string pointer{}; ///< JSON pointer as a URI fragment: "#/parameters/cores"
    std::string code{};    ///< stable slug: required, wrong_type, out_of_range, unknown_field …
    std::string detail{};
};

/// The body is JSON, but some of its members cannot be taken; answered with 422 and all faults at once.
class InvalidFields : public std::runtime_error {
public:
    explicit InvalidFields(std::vector<Fault> faults) : std::runtime_error{"invalid fields"}, faults_{std::move(faults)} {}
    const std::vector<Fault>& faults() const noexcept { return faults_; }

private:
    std::vector<Fault> faults_;
};

/// An answer that is no success for a reason of the protocol itself (405, 413, 415 …).
class Rejected : public std::runtime_error {
public:
    Rejected(int status, std::string code, const std::string& detail, std::vector<std::pair<std::string, std::string>> headers = {})
        : std::runtime_error{detail}, status_{status}, code_{std::move(code)}, headers_{std::move(headers)}
    {
    }
    int status() const noexcept { return status_; }
    const std::string& code() const noexcept { return code_; }
    const std::vector<std::pair<std::string, std::string>>& headers() const noexcept { return headers_; }

private:
    int status_;
    std::string code_;
    std::vector<std::pair<std::string, std::string>> headers_;
};

/// An RFC 9457 problem document.
Response problem(
    const Request& request, int status, const std::string& code, const std::string& detail, const std::vector<Fault>& faults = {});

/// The one place where what went wrong becomes a status. To be called inside a catch block: it looks at the exception
/// in flight. Unexpected ones become 500 and are logged with the request's id, without their text.
Response problem_of_current_exception(const Request& request);

} // namespace http
