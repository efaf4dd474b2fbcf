// SPDX-License-Identifier: GPL-3.0-or-later
#include "demo/decision_writer.h"

namespace tiphys::demo {

using object::GroupKind;
using object::Object;
using object::Value;
using rollout::OnFailure;
using rollout::Verb;
using rollout::Write;

namespace {

constexpr std::string_view kManager = "rollouts-controller";
constexpr ports::WallTime kRepeat = 10'000;
constexpr std::size_t kMostWarnings = 1000;

bool isIgnored(const Write &write, const Refusal &refusal)
{
    return write.onFailure == OnFailure::Ignore
           || (write.onFailure == OnFailure::IgnoreIfAbsent && refusal.code == 404);
}

} // namespace

std::optional<DecisionWriter::Refused> DecisionWriter::carryOut(const rollout::Decision &decision, const Object &about)
{
    int evictions = 0;
    for (const rollout::Act &act : decision.acts) {
        if (const auto *event = std::get_if<rollout::Event>(&act)) {
            report(about, *event);
            continue;
        }
        const Write &write = std::get<Write>(act);
        if (write.verb == Verb::Evict && evictions >= decision.mostEvictions)
            continue;
        const Answer<Object> result = written(write);
        evictions += result && write.verb == Verb::Evict ? 1 : 0;
        if (!result && !isIgnored(write, result.error()))
            return Refused{write, result.error().message};
    }
    return std::nullopt;
}

Answer<Object> DecisionWriter::written(const Write &write)
{
    const Resource *resource = m_store->catalog().byKind({write.gvk.group, write.gvk.kind});
    if (!resource)
        return std::unexpected(noSuchPath());
    const Place place{write.ns, write.name};
    const WriteOptions options{.fieldManager = std::string(kManager)};
    // The decision was made on what the store holds now: no write needs a condition.
    switch (write.verb) {
    case Verb::Create: return m_store->create(*resource, write.ns, Object(write.body), options);
    case Verb::MergePatch:
        return m_store->patch(*resource, place, PatchKind::Merge, write.body, write.subresource, options);
    case Verb::StrategicMergePatch:
        return m_store->patch(*resource, place, PatchKind::StrategicMerge, write.body, write.subresource, options);
    case Verb::JsonPatch:
        return m_store->patch(*resource, place, PatchKind::Json, write.body, write.subresource, options);
    case Verb::Delete:
    case Verb::Evict: break;
    }
    return m_store->remove(
        *m_store->catalog().byKind(write.verb == Verb::Evict ? GroupKind{"", "Pod"} : resource->groupKind()), place);
}

bool DecisionWriter::isRepeated(const Object &subject, const rollout::Event &event)
{
    if (!event.isWarning)
        return false;
    if (m_warnings.size() > kMostWarnings)
        m_warnings.clear();
    const ports::WallTime now = m_store->now();
    const auto [last, isNew] = m_warnings.try_emplace({std::string(subject.uid()), event.reason, event.message}, now);
    if (!isNew && now >= last->second && now < last->second + kRepeat)
        return true;
    last->second = now;
    return false;
}

void DecisionWriter::report(const Object &about, const rollout::Event &event)
{
    Object subject = about;
    if (event.about)
        subject = m_store->find({event.about->group, event.about->kind}, {event.about->ns, event.about->name});
    if (subject.isNull() || isRepeated(subject, event))
        return;
    const std::string time = m_store->timeText();
    const Value involved = Value::map({{"apiVersion", subject.apiVersion()},
                                       {"kind", subject.kind()},
                                       {"name", subject.name()},
                                       {"namespace", subject.ns()},
                                       {"uid", subject.uid()}});
    const Object made{
        Value::map({{"apiVersion", "v1"},
                    {"kind", "Event"},
                    {"metadata", Value::map({{"name", std::string(subject.name()) + "." + m_store->names().suffix(16)},
                                             {"namespace", subject.ns()}})},
                    {"involvedObject", involved},
                    {"type", event.isWarning ? "Warning" : "Normal"},
                    {"reason", event.reason},
                    {"message", event.message},
                    {"count", 1},
                    {"firstTimestamp", time},
                    {"lastTimestamp", time},
                    {"source", Value::map({{"component", kManager}})}})};
    (void)m_store->create(*m_store->catalog().byKind({"", "Event"}), subject.ns(), made,
                          {.fieldManager = std::string(kManager)});
}

} // namespace tiphys::demo
