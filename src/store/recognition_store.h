#pragma once
#include "domain/money.h"
#include "domain/recognition.h"
#include "domain/uuid.h"
#include "store/database.h"

#include <string>
#include <vector>

namespace store {

/// Lines that are alike, and how many there are.
struct DeferredLines {
    domain::Currency currency{};
    std::string sku{};
    domain::DeferredAmount amount{};
    std::int64_t count{0};
};

/// How far deferred revenue is recognised, and what is still to be.
class RecognitionStore {
public:
    explicit RecognitionStore(Session& session) : session_{session} {}

    /// The last day that is recognised.
    domain::Date through();

    /// The same; nobody else recognises, and no document is issued, until the transaction ends.
    domain::Date lock_through();

    void set_through(domain::Date day);

    /// Lines of issued documents of which something is earned after the day.
    std::vector<DeferredLines> earned_after(domain::Date day);

    /// Closes the books up to the day. Returns false if they are closed that far already.
    bool close(domain::Date through, const std::string& by, domain::Instant now);

    std::optional<domain::Date> closed_through();

private:
    Session& session_;
};

/// A UUID made of a name (SHA-256, RFC 9562 version 8), so that the same thing is never booked twice.
domain::Uuid uuid_of_name(const std::string& name);

} // namespace store
