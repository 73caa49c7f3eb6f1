// Upstream's own Pod Security checks over JSON lines: {"minor": 33, "pod": {...}} in,
// {"baseline": [ids], "restricted": [ids], "level": "baseline"} out. The API server's defaults that
// matter to a check are applied first, as SetDefaults_Pod and SetDefaults_Volume do.
package main

import (
	"bufio"
	"encoding/json"
	"log"
	"os"
	"sort"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/pod-security-admission/api"
	"k8s.io/pod-security-admission/policy"
)

type question struct {
	Minor int        `json:"minor"`
	Pod   corev1.Pod `json:"pod"`
}

type answer struct {
	Baseline   []string `json:"baseline"`
	Restricted []string `json:"restricted"`
	Level      string   `json:"level"`
}

func setDefaults(pod *corev1.Pod) {
	for i := range pod.Spec.Volumes {
		if pod.Spec.Volumes[i].VolumeSource == (corev1.VolumeSource{}) {
			pod.Spec.Volumes[i].EmptyDir = &corev1.EmptyDirVolumeSource{}
		}
	}
	if !pod.Spec.HostNetwork {
		return
	}
	for _, containers := range [][]corev1.Container{pod.Spec.Containers, pod.Spec.InitContainers} {
		for i := range containers {
			for j := range containers[i].Ports {
				if containers[i].Ports[j].HostPort == 0 {
					containers[i].Ports[j].HostPort = containers[i].Ports[j].ContainerPort
				}
			}
		}
	}
}

func violated(pod *corev1.Pod, minor int, level api.Level) []string {
	ids := []string{}
	version := api.MajorMinorVersion(1, minor)
	for _, check := range policy.DefaultChecks() {
		if check.Level != level {
			continue
		}
		var fn policy.CheckPodFn
		for _, revision := range check.Versions {
			if !version.Older(revision.MinimumVersion) {
				fn = revision.CheckPod
			}
		}
		if fn != nil && !fn(&pod.ObjectMeta, &pod.Spec).Allowed {
			ids = append(ids, string(check.ID))
		}
	}
	sort.Strings(ids)
	return ids
}

func allowed(evaluator policy.Evaluator, pod *corev1.Pod, minor int, level api.Level) bool {
	at := api.LevelVersion{Level: level, Version: api.MajorMinorVersion(1, minor)}
	return policy.AggregateCheckResults(evaluator.EvaluatePod(at, &pod.ObjectMeta, &pod.Spec)).Allowed
}

func main() {
	evaluator, err := policy.NewEvaluator(policy.DefaultChecks(), nil)
	if err != nil {
		log.Fatal(err)
	}
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(make([]byte, 1<<20), 1<<24)
	out := json.NewEncoder(os.Stdout)
	for lines.Scan() {
		var q question
		if err := json.Unmarshal(lines.Bytes(), &q); err != nil {
			log.Fatal(err)
		}
		setDefaults(&q.Pod)
		level := "privileged"
		if allowed(evaluator, &q.Pod, q.Minor, api.LevelRestricted) {
			level = "restricted"
		} else if allowed(evaluator, &q.Pod, q.Minor, api.LevelBaseline) {
			level = "baseline"
		}
		a := answer{violated(&q.Pod, q.Minor, api.LevelBaseline), violated(&q.Pod, q.Minor, api.LevelRestricted), level}
		if err := out.Encode(a); err != nil {
			log.Fatal(err)
		}
	}
}
