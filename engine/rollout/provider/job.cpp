// SPDX-License-Identifier: GPL-3.0-or-later
#include "rollout/provider/job.h"

#include "rollout/names.h"

namespace tiphys::rollout::provider {

using object::Object;
using object::Value;

namespace {

constexpr std::size_t kMostName = 63;

std::string jobName(const AnalysisRun &run, const MeasurementRequest &request)
{
    const std::string number = "." + std::to_string(request.number);
    std::string metric = request.metric.name;
    const std::size_t around = run.uid.size() + 1 + number.size();
    if (around + metric.size() > kMostName)
        metric.resize(around < kMostName ? kMostName - around : 0);
    return run.uid + "." + metric + number;
}

} // namespace

Object jobOf(const AnalysisRun &run, const MeasurementRequest &request, const std::string &ns, JobCluster cluster)
{
    const Value job = request.metric.provider["job"];
    const std::string place = ns.empty() ? run.ns : ns;
    Value labels = job.path({"metadata", "labels"});
    labels = labels.with(kRunUidLabel, run.uid);
    Value annotations = job.path({"metadata", "annotations"});
    annotations = annotations.with(kRunNameAnnotation, run.name)
                      .with(kRunNamespaceAnnotation, run.ns)
                      .with("analysisrun.argoproj.io/metric-name", request.metric.name);
    Value metadata = Value::map(
        {{"name", jobName(run, request)}, {"namespace", place}, {"labels", labels}, {"annotations", annotations}});
    if (place == run.ns && cluster == JobCluster::Own)
        metadata = metadata.with("ownerReferences", Value::list({Value::map({{"apiVersion", kApiVersion},
                                                                             {"kind", "AnalysisRun"},
                                                                             {"name", run.name},
                                                                             {"uid", run.uid},
                                                                             {"controller", true},
                                                                             {"blockOwnerDeletion", true}})}));
    return Object(
        Value::map({{"apiVersion", "batch/v1"}, {"kind", "Job"}, {"metadata", metadata}, {"spec", job["spec"]}}));
}

Expected<object::ObjectKey> jobKeyOf(const Measurement &measurement, const std::string &defaultNs)
{
    const auto name = measurement.metadata.find("job-name");
    if (name == measurement.metadata.end() || name->second.empty())
        return failure(ErrorCode::InvalidInput, "job metadata reference missing");
    const auto ns = measurement.metadata.find("job-namespace");
    return object::ObjectKey{
        "batch", "Job", ns == measurement.metadata.end() || ns->second.empty() ? defaultNs : ns->second, name->second};
}

Measurement started(const Object &job, Moment now)
{
    Measurement measurement;
    measurement.phase = AnalysisPhase::Running;
    measurement.startedAt = now.timestamp();
    measurement.metadata = {{"job-name", std::string(job.name())}, {"job-namespace", std::string(job.ns())}};
    return measurement;
}

Measurement resumed(Measurement measurement, const Object &job, Moment now)
{
    const Value conditions = job.path({"status", "conditions"});
    for (const Value &condition : conditions.items()) {
        const std::string_view type = condition["type"].stringOr();
        if (type != "Complete" && type != "Failed")
            continue;
        measurement.finishedAt = now.timestamp();
        measurement.phase = type == "Complete" ? AnalysisPhase::Successful : AnalysisPhase::Failed;
    }
    return measurement;
}

} // namespace tiphys::rollout::provider
