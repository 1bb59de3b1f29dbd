#pragma once
#include "domain/calendar.h"
#include "domain/money.h"
#include "domain/uuid.h"
#include "store/database.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace store {

struct NewSupplierBill {
    struct Line {
        std::string service{}; ///< what it is for, by the supplier; a placeholder before its delivery
        std::string text{};
        std::int64_t net{0};
    };
    domain::Uuid uuid{};
    std::string supplier{};
    std::string bill{};
    domain::Instant billed_at{};
    domain::Money net{};
    domain::Money gross{};
    domain::Date booked_on{};
    std::vector<Line> lines{};
};

/// Rows of `supplier_bills` and of `supplier_reading`.
class SupplierBillStore {
public:
    explicit SupplierBillStore(Session& session) : session_{session} {}

    /// Takes the right to read a supplier's bills now, until `next`. Returns from when on they are to be read, the first time from now on;
    /// nullopt if it is not time.
    std::optional<domain::Instant> begin_reading(const std::string& supplier, domain::Instant now, domain::Instant next);
    void end_reading(const std::string& supplier, domain::Instant read_through);

    /// Those of the documents that are in the books.
    std::vector<std::string> known(const std::string& supplier, const std::vector<std::string>& bills);

    /// Documents from then on with lines whose server had no name yet.
    std::vector<std::string> unassigned(const std::string& supplier, domain::Instant since);

    /// Adds the document. Returns false if it is there already.
    bool add(const NewSupplierBill& bill);

    /// Says anew what the lines of a document are for.
    void assign(const NewSupplierBill& bill);

private:
    void write_lines(std::int64_t id, const NewSupplierBill& bill);

    Session& session_;
};

} // namespace store
