// SPDX-License-Identifier: GPL-3.0-or-later
#include "object/json.h"
#include "rollout/simulate/simulation.h"

#include <algorithm>

namespace tiphys::rollout {

using object::Value;

namespace {

/// "+1m05s": time since the start.
std::string elapsed(Moment start, Moment time)
{
    const std::int64_t seconds = (time.milliseconds - start.milliseconds) / 1000;
    const std::int64_t minutes = seconds / 60;
    const std::string rest = std::to_string(seconds % 60);
    if (minutes == 0)
        return "+" + rest + "s";
    const std::string tail = (rest.size() < 2 ? "0" : "") + rest + "s";
    if (minutes < 60)
        return "+" + std::to_string(minutes) + "m" + tail;
    const std::string part = std::to_string(minutes % 60);
    return "+" + std::to_string(minutes / 60) + "h" + (part.size() < 2 ? "0" : "") + part + "m" + tail;
}

std::string lineOf(const SimulatedPass &pass, Moment start)
{
    std::string line = elapsed(start, pass.time);
    line.resize(std::max<std::size_t>(line.size(), 9), ' ');
    if (pass.steps > 0)
        line += " step " + std::to_string(pass.step) + "/" + std::to_string(pass.steps)
                + (pass.stepText.empty() ? "" : " (" + pass.stepText + ")") + ",";
    if (pass.weight)
        line += " weight " + std::to_string(*pass.weight) + ",";
    line += " new " + std::to_string(pass.newAvailable) + "/" + std::to_string(pass.newReplicas) + ", stable "
            + std::to_string(pass.stableAvailable) + "/" + std::to_string(pass.stableReplicas) + ", " + pass.phase;
    return line + (pass.message.empty() ? "" : ": " + pass.message) + "\n";
}

std::string actText(const Act &act)
{
    if (const Event *event = std::get_if<Event>(&act))
        return std::string(event->isWarning ? "warning " : "event ") + event->reason + ": " + event->message;
    const Write &write = std::get<Write>(act);
    std::string line = std::string(text(write.verb)) + " " + write.gvk.kind + " " + write.name
                       + (write.subresource.empty() ? "" : "/" + write.subresource);
    // A created object is long and known from the Rollout.
    if (write.verb != Verb::Create && !write.body.isNull())
        line += " " + object::toJson(write.body);
    return line;
}

Value actValue(const Act &act)
{
    if (const Event *event = std::get_if<Event>(&act))
        return Value::map(
            {{"event", event->reason}, {"type", event->isWarning ? "Warning" : "Normal"}, {"message", event->message}});
    const Write &write = std::get<Write>(act);
    return Value::map({{"verb", text(write.verb)},
                       {"group", write.gvk.group},
                       {"kind", write.gvk.kind},
                       {"namespace", write.ns},
                       {"name", write.name},
                       {"subresource", write.subresource},
                       {"body", write.body}});
}

Value passValue(const SimulatedPass &pass, Moment start)
{
    std::vector<Value> acts;
    for (const Act &act : pass.decision.acts)
        acts.push_back(actValue(act));
    std::vector<std::pair<std::string, Value>> members{
        {"time", Value(pass.time.text())},
        {"seconds", Value((pass.time.milliseconds - start.milliseconds) / 1000)},
        {"step", Value(pass.step)},
        {"steps", Value(pass.steps)},
        {"stepText", Value(pass.stepText)},
        {"weight", pass.weight ? Value(*pass.weight) : Value()},
        {"new", Value::map({{"replicas", pass.newReplicas}, {"available", pass.newAvailable}})},
        {"stable", Value::map({{"replicas", pass.stableReplicas}, {"available", pass.stableAvailable}})},
        {"phase", Value(pass.phase)},
        {"message", Value(pass.message)},
        {"acts", Value::list(acts)}};
    if (pass.isPromotion)
        members.emplace_back("promotedByPerson", Value(true));
    return Value::map(members);
}

} // namespace

std::string textOf(const Simulation &simulation)
{
    std::string result = "Update of Rollout " + simulation.rollout + " from " + simulation.start.text() + "\n";
    for (const std::string &name : simulation.invented)
        result += "made up: " + name + "\n";
    for (const std::string &name : simulation.leftOut)
        result += "left out: " + name + "\n";
    for (const SimulatedPass &pass : simulation.passes) {
        result += lineOf(pass, simulation.start);
        if (pass.isPromotion)
            result += "          a person promotes\n";
        for (const Act &act : pass.decision.acts)
            result += "          " + actText(act) + "\n";
    }
    const Moment end = simulation.passes.empty() ? simulation.start : simulation.passes.back().time;
    return result + "Result after " + elapsed(simulation.start, end).substr(1) + ": " + simulation.phase
           + (simulation.message.empty() ? "" : ": " + simulation.message) + "\n";
}

Value valueOf(const Simulation &simulation)
{
    std::vector<Value> passes;
    for (const SimulatedPass &pass : simulation.passes)
        passes.push_back(passValue(pass, simulation.start));
    const std::vector<Value> invented(simulation.invented.begin(), simulation.invented.end());
    const std::vector<Value> leftOut(simulation.leftOut.begin(), simulation.leftOut.end());
    return Value::map({{"rollout", Value(simulation.rollout)},
                       {"start", Value(simulation.start.text())},
                       {"invented", Value::list(invented)},
                       {"leftOut", Value::list(leftOut)},
                       {"passes", Value::list(passes)},
                       {"phase", Value(simulation.phase)},
                       {"message", Value(simulation.message)}});
}

} // namespace tiphys::rollout
