// SPDX-License-Identifier: GPL-3.0-or-later
#include "rollout/decision.h"

namespace tiphys::rollout {

std::string_view text(Verb verb)
{
    switch (verb) {
    case Verb::Create: return "create";
    case Verb::MergePatch: return "patch";
    case Verb::JsonPatch: return "json patch";
    case Verb::StrategicMergePatch: return "strategic patch";
    case Verb::Delete: return "delete";
    case Verb::Evict: return "evict";
    }
    return {};
}

std::vector<Write> Decision::writes() const
{
    std::vector<Write> result;
    for (const Act &act : acts) {
        if (const Write *write = std::get_if<Write>(&act))
            result.push_back(*write);
    }
    return result;
}

std::vector<Event> Decision::events() const
{
    std::vector<Event> result;
    for (const Act &act : acts) {
        if (const Event *event = std::get_if<Event>(&act))
            result.push_back(*event);
    }
    return result;
}

void Decision::lookAgainAt(Moment moment)
{
    if (!lookAgain || moment < *lookAgain)
        lookAgain = moment;
}

} // namespace tiphys::rollout
