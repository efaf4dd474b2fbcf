// SPDX-License-Identifier: GPL-3.0-or-later
#include "rollout/replica_set_annotations.h"

#include "rollout/names.h"
#include "rollout/number.h"
#include "rollout/reading.h"

#include <algorithm>
#include <array>

namespace tiphys::rollout {

namespace {

constexpr std::array kNotCopied{kLastAppliedAnnotation, kRevisionAnnotation, kRevisionHistoryAnnotation,
                                kDesiredReplicasAnnotation, kNotifiedAnnotation};

} // namespace

bool areAnnotationsSynced(const Rollout &rollout, const crd::TextMap &current, std::int64_t revision)
{
    const std::string_view text = textAt(current, kRevisionAnnotation);
    const std::optional<std::int64_t> old = text.empty() ? 0 : decimalOf(text);
    // A revision that is no number is never written over.
    if (!old)
        return true;
    return *old >= revision && std::ranges::all_of(rollout.annotations, [&current](const auto &entry) {
        return std::ranges::contains(kNotCopied, std::string_view(entry.first))
               || textAt(current, entry.first) == entry.second;
    });
}

AnnotationSync syncedAnnotations(const Rollout &rollout, const crd::TextMap &current, std::int64_t revision,
                                 IsNew isNew)
{
    AnnotationSync sync{.annotations = current, .isChanged = false};
    for (const auto &[key, text] : rollout.annotations) {
        if (std::ranges::contains(kNotCopied, std::string_view(key)) || textAt(current, key) == text)
            continue;
        sync.annotations.insert_or_assign(key, text);
        sync.isChanged = true;
    }
    const auto found = entryAt(current, kRevisionAnnotation);
    const bool hadRevision = found != current.end();
    const std::string oldText = hadRevision ? found->second : std::string();
    const std::optional<std::int64_t> old = oldText.empty() ? 0 : decimalOf(oldText);
    if (!old) {
        sync.isChanged = false;
        return sync;
    }
    if (*old < revision) {
        sync.annotations.insert_or_assign(std::string(kRevisionAnnotation), std::to_string(revision));
        sync.isChanged = true;
    }
    if (hadRevision && sync.isChanged) {
        const std::string history(textAt(current, kRevisionHistoryAnnotation));
        const bool isFirst = history.empty() || history.starts_with(',');
        sync.annotations.insert_or_assign(std::string(kRevisionHistoryAnnotation),
                                          isFirst ? oldText : history + "," + oldText);
    }
    if (isNew == IsNew::Yes) {
        sync.annotations.insert_or_assign(std::string(kDesiredReplicasAnnotation),
                                          std::to_string(rollout.desiredReplicas()));
        sync.isChanged = true;
    }
    return sync;
}

} // namespace tiphys::rollout
