using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Strake.Kubernetes.Controllers.Binding;
using Strake.Kubernetes.Records;

namespace Strake.Kubernetes.Controllers.Workloads;

/// <summary>From the template of a workload to its pods.</summary>
static class PodTemplate
{
    // Without vowels, and what looks like them: no words come of it.
    const string HashLetters = "bcdfghjklmnpqrstvwxz2456789";
    const int HashLength = 10;

    /// <summary>A pod of a template, without a name.</summary>
    /// <param name="template">The template.</param>
    /// <param name="owner">The owner, as its pods name it.</param>
    /// <param name="labels">Labels beside the template's.</param>
    public static JsonObject Pod(JsonElement template, JsonObject owner, params ReadOnlySpan<(string Name, string Text)> labels)
    {
        JsonElement given = template.At("metadata");
        JsonObject all = given.Map("labels").ToJson();
        foreach ((string name, string text) in labels) all[name] = text;
        return new JsonObject
        {
            ["metadata"] = new JsonObject { ["ownerReferences"] = new JsonArray(owner) }
                .WithNode("labels", all.Count > 0 ? all : null)
                .WithMap("annotations", given.Map("annotations"))
                .WithTexts("finalizers", given.Texts("finalizers")),
            ["spec"] = JsonObject.Create(template.At("spec")),
        };
    }

    /// <summary>A short text that tells one state of a template from another.</summary>
    /// <param name="template">The template; the order of its fields does not matter.</param>
    public static string HashOf(JsonElement template)
    {
        var text = new StringBuilder();
        Append(text, template);
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString()));
        return string.Create(HashLength, hash, static (letters, bytes) =>
        {
            for (int i = 0; i < letters.Length; i++) letters[i] = HashLetters[bytes[i] % HashLetters.Length];
        });
    }

    /// <summary>Whether a pod has been ready for some time, and if not, how long it lacks.</summary>
    /// <param name="pod">The pod's document.</param>
    /// <param name="seconds">The time.</param>
    /// <param name="now">The time now.</param>
    public static TimeSpan Unsettled(JsonElement pod, int seconds, DateTimeOffset now)
    {
        if (seconds <= 0) return TimeSpan.Zero;
        foreach (JsonElement condition in pod.At("status").List("conditions", static condition => condition))
        {
            if (condition.Text("type") != "Ready" || condition.Text("status") != "True") continue;
            TimeSpan lacks = (condition.Time("lastTransitionTime") ?? now).AddSeconds(seconds) - now;
            return lacks > TimeSpan.Zero ? lacks : TimeSpan.Zero;
        }

        return TimeSpan.Zero;
    }

    static void Append(StringBuilder text, JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                text.Append('{');
                foreach (JsonProperty field in element.EnumerateObject().OrderBy(static field => field.Name, StringComparer.Ordinal))
                {
                    text.Append(field.Name).Append(':');
                    Append(text, field.Value);
                    text.Append(',');
                }

                text.Append('}');
                break;
            case JsonValueKind.Array:
                text.Append('[');
                foreach (JsonElement item in element.EnumerateArray())
                {
                    Append(text, item);
                    text.Append(',');
                }

                text.Append(']');
                break;
            default:
                text.Append(element.GetRawText());
                break;
        }
    }
}
