package compose

import (
	"fmt"
	"slices"
	"strings"
)

// commonJargon are words of our trade that clients of any trade stumble over,
// each with plain words instead.
var commonJargon = map[string]string{
	"refactor": "tidy up the program", "refactored": "tidied up", "refactoring": "tidying up the program",
	"deploy": "put online", "deployed": "put online", "deployment": "putting it online",
	"backend": "the server side", "frontend": "what visitors see", "middleware": "the part in between",
	"merge request": "a change under review", "pull request": "a change under review", "merged": "taken over",
	"sprint": "these two weeks", "backlog": "the list of open work", "user story": "a wish, in the user's words",
	"story points": "the estimated effort", "scrum": "our way of working", "stand-up": "our daily talk", "epic": "a large piece of work",
	"regression": "something that worked before and no longer does", "hotfix": "an urgent correction", "rollback": "going back to the version before",
	"latency": "waiting time", "throughput": "how much it handles", "downtime": "the time it was not reachable",
	"endpoint": "an address of the service", "payload": "the data sent", "webhook": "an automatic notice",
	"cron job": "a task that runs by itself", "containerized": "packed for the server", "kubernetes": "the server platform", "docker": "the server platform",
	"ci/cd": "automatic testing and delivery", "unit test": "an automatic test", "unit tests": "automatic tests", "code review": "checking by a colleague",
	"technical debt": "shortcuts that we must make good", "edge case": "a rare case", "scalability": "room to grow", "idempotent": "safe to repeat",
	"synergy": "what both gain", "leverage": "use", "actionable": "that can be acted on", "low-hanging fruit": "what is done quickly", "circle back": "come back to it",
	"deep dive": "a closer look", "alignment": "agreement", "bandwidth": "time", "eod": "by this evening", "asap": "as soon as we can: name the day",
	"重构": "整理程序", "部署": "上线", "前端": "页面", "后端": "服务器程序", "联调": "两边系统对接测试", "接口联调": "两边系统对接测试",
	"迭代": "这一轮开发", "冒烟测试": "快速检查", "回归测试": "重新检查原有功能", "热修复": "紧急修正", "灰度": "先给部分用户使用", "埋点": "统计用户操作",
	"解耦": "分开", "中间件": "中间程序", "高并发": "很多人同时使用", "闭环": "跟到完成为止", "抓手": "办法", "赋能": "帮助", "对齐": "统一意见",
	"颗粒度": "细致程度", "落地": "实现", "打通": "连接", "拉通": "协调", "沉淀": "积累", "复盘": "回顾",
}

// jargon: words that the client does not use.
func jargon(c *checker) {
	said := map[string]bool{}
	look := func(word, plain string) {
		for _, p := range c.passages {
			if said[word] || !hasName(c.plain(p.text), word) {
				continue
			}
			said[word] = true
			proposal := "say it in words that the client uses"
			if plain != "" {
				proposal = "say it plainly: " + plain
			}
			c.find(Warning, "jargon", c.locate(p.line, word), fmt.Sprintf("%q is a word of our trade", word), proposal)
		}
	}
	for _, word := range sortedKeys(commonJargon) {
		look(word, commonJargon[word])
	}
	for _, word := range c.Jargon {
		if word = strings.TrimSpace(word); word != "" {
			look(word, "")
		}
	}
}

func sortedKeys[V any](m map[string]V) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}
