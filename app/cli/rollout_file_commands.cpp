// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/commands.h"
#include "cli/named_file.h"
#include "crd/timestamp.h"
#include "object/text_place.h"
#include "object/yaml_fault.h"
#include "render/directory.h"
#include "rollout/lint.h"
#include "rollout/simulate/simulation.h"

#include <chrono>

namespace tiphys::cli {

using object::Object;

namespace {

Expected<std::vector<Object>> objectsOf(const std::string &file)
{
    const Expected<std::string> text = namedFile(file, "Rollouts and what they need", "-f");
    if (!text)
        return std::unexpected(text.error());
    const Expected<std::vector<Object>> read = render::manifestsIn(*text, file);
    // What is no manifest at all is left out of folders; here somebody named it.
    if (const auto fault = read && read->empty() ? object::yamlFault(*text, file) : std::nullopt)
        return std::unexpected(*fault);
    return read ? render::withoutLists(*read) : read;
}

Expected<rollout::Moment> startOf(const std::string &text)
{
    if (text.empty()) {
        const auto now = std::chrono::system_clock::now().time_since_epoch();
        return rollout::Moment::ofSeconds(std::chrono::duration_cast<std::chrono::seconds>(now).count());
    }
    const std::optional<crd::Timestamp> time = crd::timestampOf(text);
    if (!time)
        return failure(ErrorCode::InvalidInput, "'" + text + "' is no time of the form 2006-01-02T15:04:05Z");
    return rollout::Moment::of(*time);
}

} // namespace

int runRolloutLint(const Invocation &invocation)
{
    const Expected<std::string> text = namedFile(invocation.rollout.file, "Rollouts", "-f");
    if (!text)
        return fail(text.error());
    const Expected<rollout::FieldErrors> errors = rollout::lintText(*text);
    if (!errors)
        return fail(object::withPlace(errors.error(), invocation.rollout.file, *text));
    for (const rollout::FieldError &error : *errors)
        print(error.body() + "\n");
    return errors->empty() ? 0 : fail(Error(ErrorCode::InvalidInput, errors->front().text()));
}

int runRolloutSimulate(const Invocation &invocation)
{
    const RolloutFlags &flags = invocation.rollout;
    const Expected<std::vector<Object>> objects = objectsOf(flags.file);
    if (!objects)
        return fail(objects.error());
    const Expected<rollout::Moment> start = startOf(flags.at);
    if (!start)
        return fail(start.error());
    rollout::SimulationOptions options{.start = *start, .behaviour = {}};
    options.behaviour.failedTemplates = {flags.failedAnalyses.begin(), flags.failedAnalyses.end()};
    options.promoteAfterSeconds = flags.promoteAfterSeconds;
    const Expected<rollout::Simulation> simulation = rollout::simulate(*objects, options);
    if (!simulation)
        return fail(simulation.error());
    if (invocation.output != Output::Text)
        printValue(rollout::valueOf(*simulation), invocation.output);
    else
        print(rollout::textOf(*simulation));
    return 0;
}

} // namespace tiphys::cli
