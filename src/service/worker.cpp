#include "service/worker.h"

#include "domain/refusal.h"
#include "logging/log.h"
#include "store/idempotency_store.h"
#include "store/job_store.h"
#include "store/snapshot_recovery_store.h"

#include <thread>
#include <vector>

namespace service {
namespace {

using namespace std::chrono_literals;

constexpr auto idle_pause = 100ms;
constexpr auto trouble_pause = 500ms;
constexpr auto mail_pause = 500ms;
constexpr auto mail_server_pause = 30s; // while it is away
constexpr auto lease = 180s;            // longer than any single call to storage may take
constexpr auto keep_done_jobs = 24h * 7;

/// What goes wrong outside the jobs' own reports is logged by kind, never by text.
void log_trouble(const char* where, const std::exception& error)
{
    logging::event("error", "worker_trouble", {{"where", where}, {"what", error.what()}});
}

} // namespace

void Worker::run(int threads)
{
    take_back_leases(); // before any job is taken under our name
    std::vector<std::jthread> workers;
    workers.emplace_back([this] { keep_house(); });
    workers.emplace_back([this] { bill(); });
    workers.emplace_back([this] { collect(); });
    if (parts_.news) workers.emplace_back([this] { hear(); });
    if (parts_.mailing) workers.emplace_back([this] { write_mails(); });
    if (parts_.vat_checks) workers.emplace_back([this] { check_vat_ids(); });
    if (parts_.supplier_bills) workers.emplace_back([this] { read_supplier_bills(); });
    if (parts_.snapshot_recovery) workers.emplace_back([this] { recover_snapshots(); });
    if (parts_.snapshot_sweep) workers.emplace_back([this] { sweep_snapshots(); });
    for (int i = 0; i < threads; ++i) workers.emplace_back([this] { take_jobs(); });
    logging::event("info", "working", {{"name", name_}, {"threads", std::to_string(threads)}});
}

void Worker::take_jobs()
{
    while (!stopping_) {
        try {
            if (!do_one()) sleep(idle_pause);
        } catch (const std::exception& error) {
            log_trouble("jobs", error);
            sleep(trouble_pause);
        }
    }
}

bool Worker::do_one()
{
    const auto jobs = database_.transact([&](store::Session& session) { return store::JobStore{session}.claim(name_, lease, 1); });
    if (jobs.empty()) return false;
    const auto& job = jobs.front();
    report(job, carry_out(job));
    return true;
}

JobReport Worker::carry_out(const domain::Job& job)
{
    const bool last_try = !domain::pause_after(job.attempts);
    try {
        switch (job.kind) {
        case domain::JobKind::order_start: return parts_.orders.start(job.target);
        case domain::JobKind::order_end: return parts_.orders.end(job.target);
        case domain::JobKind::machine_create: return parts_.machines.create(job.target, last_try);
        case domain::JobKind::machine_resize:
        case domain::JobKind::machine_suspend:
        case domain::JobKind::machine_resume:
        case domain::JobKind::machine_delete: return parts_.machines.adjust(job.target, last_try);
        case domain::JobKind::snapshot_create: return parts_.snapshots.create(job.target, last_try);
        case domain::JobKind::snapshot_restore: return parts_.snapshots.restore(job.target);
        case domain::JobKind::snapshot_delete: return parts_.snapshots.remove(job.target);
        case domain::JobKind::charge: return parts_.charging.carry_out(job.target);
        case domain::JobKind::charge_cancel: return parts_.charging.give_up(job.target);
        case domain::JobKind::charge_fee: return parts_.charging.book_fee(job.target);
        case domain::JobKind::refund: return parts_.refunds.carry_out(job.target);
        case domain::JobKind::vpn_create:
        case domain::JobKind::vpn_key:
        case domain::JobKind::vpn_delete: return carry_out_vpn(job);
        case domain::JobKind::server_supply:
            return parts_.servers ? parts_.servers->supply(job.target) : JobReport{JobOutcome::postponed, "not_configured"};
        case domain::JobKind::order_refund:
            return parts_.undelivered ? parts_.undelivered->pay_back(job.target) : JobReport{JobOutcome::again, "nobody_refunds"};
        case domain::JobKind::card_detach:
            return parts_.methods.detach_removed(job.target) ? JobReport{} : JobReport{JobOutcome::again, "card_gateway_unavailable"};
        }
    } catch (const domain::Unavailable& missing) {
        return {JobOutcome::postponed, missing.what()};
    } catch (const std::exception& error) {
        log_trouble("job", error);
        return {JobOutcome::again, "internal_error"};
    }
    return {};
}

JobReport Worker::carry_out_vpn(const domain::Job& job)
{
    if (!parts_.vpns) return {JobOutcome::postponed, "vpn_not_configured", 60s};
    if (job.kind == domain::JobKind::vpn_create) return parts_.vpns->create(job.target);
    return job.kind == domain::JobKind::vpn_key ? parts_.vpns->settle(job.target) : parts_.vpns->remove(job.target);
}

/// A report must not get lost while the database is away: it is given until it is taken, or the lease runs out.
void Worker::report(const domain::Job& job, const JobReport& outcome)
{
    const auto pause = domain::pause_after(job.attempts);
    const bool dead = outcome.outcome == JobOutcome::dead || (outcome.outcome == JobOutcome::again && !pause);
    const auto id = std::to_string(job.id);
    logging::event(dead ? "error" : "info", dead ? "job_dead" : "job",
        {{"id", id}, {"kind", domain::to_text(job.kind)}, {"target", job.target.text()}, {"error", outcome.error}});
    while (true) {
        try {
            database_.transact([&](store::Session& session) {
                store::JobStore jobs{session};
                if (dead) jobs.dead(job, name_, outcome.error);
                else if (outcome.outcome == JobOutcome::again) jobs.again(job, name_, *pause, outcome.error);
                else if (outcome.outcome == JobOutcome::postponed) jobs.postpone(job, name_, outcome.pause, outcome.error);
                else jobs.done(job, name_);
            });
            return;
        } catch (const domain::Unavailable&) {
            if (stopping_) return;
            sleep(trouble_pause);
        }
    }
}

/// A predecessor of our name was killed: what it had leased is due again.
void Worker::take_back_leases()
{
    while (!stopping_) {
        try {
            database_.transact([&](store::Session& session) {
                store::SnapshotRecoveryStore{session}.end_leases_of(name_); // a guest of it may be frozen
                store::JobStore{session}.release_all(name_);
            });
            if (parts_.mailing) parts_.mailing->take_back(name_);
            return;
        } catch (const std::exception& error) {
            log_trouble("leases", error);
            sleep(trouble_pause);
        }
    }
}

void Worker::keep_house()
{
    for (; !stopping_; sleep(1s)) {
        try {
            database_.transact([&](store::Session& session) {
                store::JobStore jobs{session};
                jobs.release_expired();
                jobs.remove_finished(keep_done_jobs);
                store::IdempotencyStore{session}.remove_older_than(7 * 24);
            });
            parts_.orders.end_due_orders();
            if (parts_.vpns) parts_.vpns->serve_waiting();
            if (parts_.carts) parts_.carts->sweep();
        } catch (const std::exception& error) {
            log_trouble("housekeeping", error);
        }
    }
}

/// The billing run's timer, and the hand that carries out planned runs.
void Worker::bill()
{
    for (; !stopping_; sleep_until_due()) {
        try {
            parts_.billing.work(name_, stopping_);
        } catch (const std::exception& error) {
            log_trouble("billing", error);
        }
    }
}

/// Charges, reminders and suspensions that have become due.
void Worker::collect()
{
    for (; !stopping_; sleep_until_due()) {
        try {
            parts_.collection.work(stopping_);
            if (parts_.unpaid) parts_.unpaid->give_up();
            if (parts_.undelivered) parts_.undelivered->give_up_due();
        } catch (const std::exception& error) {
            log_trouble("collection", error);
        }
    }
}

/// What the card gateway told us meanwhile.
void Worker::hear()
{
    for (; !stopping_; sleep(idle_pause)) {
        try {
            parts_.news->work(stopping_);
        } catch (const std::exception& error) {
            log_trouble("gateway_news", error);
            sleep(trouble_pause);
        }
    }
}

/// Mails to members.
void Worker::write_mails()
{
    for (bool left_over = false; !stopping_;) {
        try {
            if (left_over) parts_.mailing->take_back(name_);
            left_over = false;
            parts_.mailing->notice_expiring_cards();
            switch (parts_.mailing->work(name_, stopping_)) {
            case Mailing::Pass::busy: break;
            case Mailing::Pass::idle: sleep(mail_pause); break;
            case Mailing::Pass::server_away: sleep(mail_server_pause); break;
            }
        } catch (const std::exception& error) {
            log_trouble("mail", error);
            left_over = true; // of a pass that broke off
            sleep(trouble_pause);
        }
    }
}

/// VAT ids that VIES is to be asked about.
void Worker::check_vat_ids()
{
    for (; !stopping_; sleep(parts_.check_every)) {
        try {
            parts_.vat_checks->work(stopping_);
        } catch (const std::exception& error) {
            log_trouble("vat_checks", error);
        }
    }
}

/// What suppliers have billed since.
void Worker::read_supplier_bills()
{
    for (; !stopping_; sleep(1s)) {
        try {
            parts_.supplier_bills->work(stopping_);
        } catch (const std::exception& error) {
            log_trouble("supplier_bills", error);
        }
    }
}

/// Snapshots that a killed worker left behind, whose guests may be frozen.
void Worker::recover_snapshots()
{
    for (; !stopping_; sleep(1s)) {
        try {
            parts_.snapshot_recovery->work(stopping_, name_);
        } catch (const std::exception& error) {
            log_trouble("snapshot_recovery", error);
        }
    }
}

/// Snapshots in storage against ours: one of the workers each hour.
void Worker::sweep_snapshots()
{
    for (; !stopping_; sleep(10s)) {
        try {
            parts_.snapshot_sweep->work(stopping_);
        } catch (const std::exception& error) {
            log_trouble("snapshot_sweep", error);
        }
    }
}

/// Until it is time to look for what is due, or another day has begun, as it may at any moment by a test clock.
void Worker::sleep_until_due() const
{
    const auto day = parts_.clock ? parts_.clock->today() : domain::Date{};
    const auto until = std::chrono::steady_clock::now() + parts_.bill_every;
    while (!stopping_ && std::chrono::steady_clock::now() < until && (!parts_.clock || parts_.clock->today() == day)) sleep(idle_pause);
}

void Worker::sleep(std::chrono::milliseconds duration) const
{
    const auto until = std::chrono::steady_clock::now() + duration;
    while (!stopping_ && std::chrono::steady_clock::now() < until)
        std::this_thread::sleep_for(std::min<std::chrono::milliseconds>(duration, 50ms));
}

} // namespace service
