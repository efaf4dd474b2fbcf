// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

namespace tiphys::bench {

/// One of many Deployments, each a little different, always the same for the same number.
inline std::string deploymentYaml(int number)
{
    const std::string n = std::to_string(100'000 + number).substr(1);
    const std::string team = "team-" + std::to_string(number % 50);
    const std::string image =
        "registry.example.com/shop/app-" + n + ":v1." + std::to_string(number % 90) + "." + std::to_string(number % 13);
    return "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: app-" + n + "\n  namespace: " + team
           + "\n  labels:\n    app.kubernetes.io/name: app-" + n + "\n    app.kubernetes.io/part-of: shop\n    team: "
           + team + "\n  annotations:\n    argocd.argoproj.io/sync-wave: \"" + std::to_string(number % 5)
           + "\"\nspec:\n  replicas: " + std::to_string(number % 7 + 1)
           + "\n  selector:\n    matchLabels:\n      app.kubernetes.io/name: app-" + n
           + "\n  template:\n    metadata:\n      labels:\n        app.kubernetes.io/name: app-" + n
           + "\n    spec:\n      containers:\n      - name: main\n        image: " + image
           + "\n        args: [\"--port=8080\", \"--log-level=info\"]\n        env:\n        - name: REGION\n          "
             "value: eu-central-1\n"
             "        - name: PASSWORD\n          valueFrom:\n            secretKeyRef:\n              name: app-"
           + n
           + "\n              key: password\n        ports:\n        - containerPort: 8080\n          name: http\n     "
             "     protocol: TCP\n"
             "        readinessProbe:\n          httpGet:\n            path: /healthz\n            port: http\n        "
             "  periodSeconds: 10\n"
             "        resources:\n          limits:\n            memory: 512Mi\n          requests:\n            cpu: "
             "100m\n            memory: 256Mi\n"
             "        volumeMounts:\n        - name: config\n          mountPath: /etc/app\n      volumes:\n      - "
             "name: config\n"
             "        configMap:\n          name: app-"
           + n + "\n";
}

inline std::string deploymentsYaml(int count)
{
    std::string stream;
    for (int i = 0; i < count; ++i)
        stream += (i > 0 ? "---\n" : "") + deploymentYaml(i);
    return stream;
}

} // namespace tiphys::bench
