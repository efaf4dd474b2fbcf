// SPDX-License-Identifier: GPL-3.0-or-later
#include "rollout/info/tree_text.h"

#include "crd/human_duration.h"

#include <algorithm>
#include <array>
#include <map>

namespace tiphys::rollout {

namespace {

constexpr int kRed = 31;
constexpr int kGreen = 32;
constexpr int kYellow = 33;
constexpr int kBrightBlue = 94;

constexpr std::string_view kWaiting = "◷";
constexpr std::string_view kProgressing = "◌";
constexpr std::string_view kWarning = "⚠";
constexpr std::string_view kUnknown = "?";
constexpr std::string_view kOk = "✔";
constexpr std::string_view kBad = "✖";
constexpr std::string_view kPaused = "॥";
constexpr std::string_view kNeutral = "•";

/// Colour of marks, parts and phases; 0 for the terminal's own.
int colourOf(std::string_view word)
{
    static const std::map<std::string_view, int> colours{{kWaiting, kYellow},
                                                         {kProgressing, kBrightBlue},
                                                         {kWarning, kRed},
                                                         {kUnknown, kYellow},
                                                         {kOk, kGreen},
                                                         {kBad, kRed},
                                                         {"canary", kYellow},
                                                         {"stable", kGreen},
                                                         {"active", kGreen},
                                                         {"preview", kBrightBlue},
                                                         {"ping", kBrightBlue},
                                                         {"pong", kBrightBlue},
                                                         {"Pending", kBrightBlue},
                                                         {"Running", kBrightBlue}};
    const auto found = colours.find(word);
    return found == colours.end() ? 0 : found->second;
}

/// Characters that a terminal shows of UTF-8 \p text, colours left out.
std::size_t widthOf(std::string_view text)
{
    std::size_t width = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '\x1b') {
            i = std::min(text.find('m', i), text.size() - 1);
            continue;
        }
        width += (static_cast<unsigned char>(text[i]) & 0xC0) != 0x80 ? 1 : 0;
    }
    return width;
}

/// Beginnings of the lines of a child and of what is below it.
struct Prefix
{
    std::string own;
    std::string below;
};

Prefix childOf(const std::string &below, bool isLast)
{
    return {below + (isLast ? "└──" : "├──"), below + (isLast ? "   " : "│  ")};
}

class Writer
{
public:
    Writer(crd::Timestamp now, Colours colours) : m_now(now), m_colours(colours) {}

    std::string take() { return std::move(m_text); }

    /// "Label:           value".
    void line(std::string label, const std::string &value)
    {
        label.resize(std::max<std::size_t>(label.size(), 17), ' ');
        m_text += label + value + "\n";
    }
    void add(std::string_view text) { m_text += text; }

    void images(const std::vector<ImageInfo> &images)
    {
        bool isFirst = true;
        for (const ImageInfo &image : images) {
            std::string tags;
            for (const std::string &tag : image.tags)
                tags += (tags.empty() ? "" : ", ") + coloured(tag, tag);
            line(isFirst ? "Images:" : "", image.image + (tags.empty() ? "" : " (" + tags + ")"));
            isFirst = false;
        }
    }

    std::string mark(std::string_view status) const
    {
        const std::string_view mark = markOf(status);
        return coloured(mark, mark);
    }

    void heading() { m_rows.push_back({"NAME", "KIND", "STATUS", "AGE", "INFO"}); }

    void rollout(const RolloutInfo &info)
    {
        row("⟳ " + info.name, "Rollout", info.phase.phase, info.created, "");
        const std::vector<std::int64_t> revisions = info.revisions();
        for (const std::int64_t revision : revisions)
            this->revision(info, revision, childOf("", revision == revisions.back()));
    }

    void experiment(const ExperimentInfo &info, const Prefix &prefix)
    {
        row(prefix.own + "Σ " + coloured(info.name, info.status), "Experiment", info.status, info.created, "");
        std::size_t left = info.replicaSets.size() + info.analysisRuns.size();
        for (const ReplicaSetInfo &set : info.replicaSets)
            replicaSet(set, childOf(prefix.below, --left == 0));
        for (const AnalysisRunInfo &run : info.analysisRuns)
            analysisRun(run, childOf(prefix.below, --left == 0));
    }

    /// Writes the rows as columns, two spaces apart; every cell but the last is padded.
    void endTable()
    {
        std::array<std::size_t, 4> widths{};
        for (const auto &cells : m_rows) {
            for (std::size_t i = 0; i < widths.size(); ++i)
                widths[i] = std::max(widths[i], widthOf(cells[i]) + 2);
        }
        for (const auto &cells : m_rows) {
            for (std::size_t i = 0; i < widths.size(); ++i)
                m_text += cells[i] + std::string(widths[i] - widthOf(cells[i]), ' ');
            m_text += cells[4] + "\n";
        }
        m_rows.clear();
    }

private:
    std::string coloured(std::string_view text, std::string_view word) const
    {
        if (m_colours == Colours::No)
            return std::string(text);
        return "\x1b[" + std::to_string(colourOf(word)) + "m" + std::string(text) + "\x1b[0m";
    }

    std::string age(const std::string &created) const
    {
        const std::optional<crd::Timestamp> moment = crd::timestampOf(created);
        return moment ? crd::humanDuration(m_now.seconds - moment->seconds) : "<unknown>";
    }

    void row(std::string name, std::string kind, const std::string &status, const std::string &created,
             std::string info)
    {
        m_rows.push_back(
            {std::move(name), std::move(kind), mark(status) + " " + status, age(created), std::move(info)});
    }

    void revision(const RolloutInfo &info, std::int64_t revision, const Prefix &prefix)
    {
        m_rows.push_back({prefix.own + "# revision:" + std::to_string(revision), "", " ", "", ""});
        const auto isOfIt = [revision](const auto &child) { return child.revision == revision; };
        auto left = std::ranges::count_if(info.replicaSets, isOfIt) + std::ranges::count_if(info.experiments, isOfIt)
                    + std::ranges::count_if(info.analysisRuns, isOfIt);
        for (const ReplicaSetInfo &set : info.replicaSets) {
            if (isOfIt(set))
                replicaSet(set, childOf(prefix.below, --left == 0));
        }
        for (const ExperimentInfo &experiment : info.experiments) {
            if (isOfIt(experiment))
                this->experiment(experiment, childOf(prefix.below, --left == 0));
        }
        for (const AnalysisRunInfo &run : info.analysisRuns) {
            if (isOfIt(run))
                analysisRun(run, childOf(prefix.below, --left == 0));
        }
    }

    void replicaSet(const ReplicaSetInfo &set, const Prefix &prefix)
    {
        std::string name = set.name;
        std::string info;
        const auto add = [&](bool plays, std::string_view part) {
            if (!plays)
                return;
            info += (info.empty() ? "" : ",") + coloured(part, part);
            name = coloured(name, part);
        };
        add(set.isStable, "stable");
        add(set.isCanary, "canary");
        add(!set.isCanary && set.isActive, "active");
        add(!set.isCanary && !set.isActive && set.isPreview, "preview");
        add(set.isPing, "ping");
        add(set.isPong, "pong");
        if (!set.scaleDownDeadline.empty())
            info += (info.empty() ? "delay:" : ",delay:") + delay(set.scaleDownDeadline);
        row(prefix.own + "⧉ " + name, "ReplicaSet", set.status, set.created, info);
        for (std::size_t i = 0; i < set.pods.size(); ++i)
            pod(set.pods[i], childOf(prefix.below, i + 1 == set.pods.size()));
    }

    void pod(const PodInfo &pod, const Prefix &prefix)
    {
        std::string info = "ready:" + std::to_string(pod.ready) + "/" + std::to_string(pod.containers);
        if (pod.restarts > 0)
            info += ",restarts:" + std::to_string(pod.restarts);
        m_rows.push_back(
            {prefix.own + "□ " + pod.name, "Pod", podMark(pod.status) + " " + pod.status, age(pod.created), info});
    }

    std::string podMark(const std::string &status) const
    {
        // "Pending" waits for an analysis run, a pod is on its way.
        return status == "Pending"   ? coloured(kProgressing, kProgressing)
               : status == "Running" ? coloured(kOk, kOk)
                                     : mark(status);
    }

    void analysisRun(const AnalysisRunInfo &run, const Prefix &prefix)
    {
        std::string info;
        const auto add = [&](std::string_view mark, std::int64_t count) {
            if (count > 0)
                info += (info.empty() ? "" : ",") + coloured(mark, mark) + " " + std::to_string(count);
        };
        add(kOk, run.successful);
        add(kBad, run.failed);
        add(kUnknown, run.inconclusive);
        add(kWarning, run.error);
        row(prefix.own + "α " + coloured(run.name, run.status), "AnalysisRun", run.status, run.created, info);
        for (std::size_t i = 0; i < run.jobs.size(); ++i) {
            const JobInfo &job = run.jobs[i];
            row(childOf(prefix.below, i + 1 == run.jobs.size()).own + "⊞ " + coloured(job.name, job.status), "Job",
                job.status, job.startedAt, "");
        }
    }

    /// How long until the replica set is scaled down.
    std::string delay(const std::string &deadline) const
    {
        const std::optional<crd::Timestamp> moment = crd::timestampOf(deadline);
        if (!moment)
            return "";
        return *moment < m_now ? "passed" : crd::humanDuration(moment->seconds - m_now.seconds);
    }

    crd::Timestamp m_now;
    Colours m_colours;
    std::string m_text;
    std::vector<std::array<std::string, 5>> m_rows;
};

} // namespace

std::string_view markOf(std::string_view status)
{
    static const std::map<std::string_view, std::string_view> marks{{"Progressing", kProgressing},
                                                                    {"InvalidSpec", kWarning},
                                                                    {"Paused", kPaused},
                                                                    {"Healthy", kOk},
                                                                    {"Degraded", kBad},
                                                                    {"Unknown", kUnknown},
                                                                    {"ScaledDown", kNeutral},
                                                                    {"ReplicaFailure", kBad},
                                                                    {"Successful", kOk},
                                                                    {"Inconclusive", kUnknown},
                                                                    {"Failed", kBad},
                                                                    {"Running", kProgressing},
                                                                    {"Pending", kWaiting},
                                                                    {"Terminating", kProgressing},
                                                                    {"ContainerCreating", kProgressing},
                                                                    {"Completed", kOk},
                                                                    {"InvalidImageName", kBad},
                                                                    {"CrashLoopBackOff", kBad},
                                                                    {"ImagePullBackOff", kWarning},
                                                                    {"RegistryUnavailable", kWarning}};
    if (const auto found = marks.find(status); found != marks.end())
        return found->second;
    if (status.starts_with("Init:"))
        return kProgressing;
    if (status.starts_with("Signal:") || status.starts_with("ExitCode:"))
        return kBad;
    if (status.ends_with("Error") || status.starts_with("Err"))
        return kWarning;
    return " ";
}

std::string rolloutText(const RolloutInfo &info, crd::Timestamp now, Colours colours)
{
    Writer writer(now, colours);
    writer.line("Name:", info.name);
    writer.line("Namespace:", info.ns);
    writer.line("Status:", writer.mark(info.phase.phase) + " " + info.phase.phase);
    if (!info.phase.message.empty())
        writer.line("Message:", info.phase.message);
    writer.line("Strategy:", info.strategy == StrategyKind::Unknown ? "" : std::string(word(info.strategy)));
    if (info.strategy == StrategyKind::Canary) {
        writer.line("  Step:", info.step());
        writer.line("  SetWeight:", std::to_string(info.setWeight));
        writer.line("  ActualWeight:", std::to_string(info.actualWeight));
    }
    writer.images(imagesOf(info));
    writer.add("Replicas:\n");
    writer.line("  Desired:", std::to_string(info.desired));
    writer.line("  Current:", std::to_string(info.current));
    writer.line("  Updated:", std::to_string(info.updated));
    writer.line("  Ready:", std::to_string(info.ready));
    writer.line("  Available:", std::to_string(info.available));
    writer.add("\n");
    writer.heading();
    writer.rollout(info);
    writer.endTable();
    return writer.take();
}

std::string experimentText(const ExperimentInfo &info, crd::Timestamp now, Colours colours)
{
    Writer writer(now, colours);
    writer.line("Name:", info.name);
    writer.line("Namespace:", info.ns);
    writer.line("Status:", writer.mark(info.status) + " " + info.status);
    if (!info.message.empty())
        writer.line("Message:", info.message);
    writer.images(imagesOf(info));
    writer.add("\n");
    writer.heading();
    writer.experiment(info, {});
    writer.endTable();
    return writer.take();
}

} // namespace tiphys::rollout
