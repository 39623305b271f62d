using System.Text.Json.Nodes;
using Strake.Kubernetes.Controllers.Binding;
using Strake.Kubernetes.Objects;

namespace Strake.Kubernetes.Controllers.Scheduling;

/// <summary>Conditions in a pod's status. The time of the last change moves only when the status does.</summary>
static class PodConditions
{
    /// <summary>Sets a condition; says whether anything changed.</summary>
    /// <param name="pod">The pod's document.</param>
    /// <param name="type">The condition.</param>
    /// <param name="isTrue">What is.</param>
    /// <param name="reason">In one word; empty: none.</param>
    /// <param name="message">For a person; empty: none.</param>
    /// <param name="now">When.</param>
    public static bool Set(JsonObject pod, string type, bool isTrue, string reason, string message, DateTimeOffset now)
    {
        JsonObject status = pod.Child("status");
        if (status["conditions"] is not JsonArray conditions) status["conditions"] = conditions = [];
        JsonObject? known = conditions.OfType<JsonObject>().FirstOrDefault(item => item.TextAt("type") == type);
        string word = isTrue ? "True" : "False";
        if (known is null) conditions.Add((JsonNode?)(known = new JsonObject { ["type"] = type }));
        else if (known.TextAt("status") == word && (known.TextAt("reason") ?? "") == reason && (known.TextAt("message") ?? "") == message) return false;
        if (known.TextAt("status") != word) known["lastTransitionTime"] = ApiTime.Text(now);
        known["status"] = word;
        known["lastProbeTime"] = null;
        Put(known, "reason", reason);
        Put(known, "message", message);
        return true;
    }

    static void Put(JsonObject condition, string name, string text)
    {
        if (text.Length == 0) condition.Remove(name);
        else condition[name] = text;
    }
}
