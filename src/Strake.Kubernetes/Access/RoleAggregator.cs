using System.Text.Json;
using System.Text.Json.Nodes;
using Strake.Kubernetes.Kinds;
using Strake.Kubernetes.Objects;
using Strake.Kubernetes.Records;
using LabelSelector = Strake.Kubernetes.Records.LabelSelector;
using StoredObject = Strake.Kubernetes.Objects.StoredObject;

namespace Strake.Kubernetes;

/// <summary>Gathers the rules of ClusterRoles that consist of others (<c>aggregationRule</c>), so that who brings along a kind can add to what admin, edit and view may.</summary>
/// <param name="objects">Where the roles are.</param>
public sealed class RoleAggregator(ObjectStore objects)
{
    /// <summary>Gathers until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        long from = objects.Revision + 1;
        await GatherAsync(cancellationToken);
        await foreach (ObjectEvent _ in objects.WatchAsync(RoleKinds.ClusterRole, null, from, cancellationToken)) await GatherAsync(cancellationToken);
    }

    /// <summary>Gathers the rules of all roles once. A role of gathered rules may be among the others: then it takes as many rounds as they are deep.</summary>
    public async Task GatherAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<StoredObject> roles = (await objects.ListAsync(RoleKinds.ClusterRole, null, cancellationToken)).Items;
        (StoredObject Role, TextMap Labels, JsonElement Document)[] all = [.. roles.Select(Read)];
        foreach ((StoredObject role, _, JsonElement document) in all)
        {
            LabelSelector[] selectors = [.. document.ItemsAt("aggregationRule", "clusterRoleSelectors").Select(LabelSelector.Read).OfType<LabelSelector>()];
            if (selectors.Length == 0) continue;
            JsonElement[] rules =
            [
                .. all.Where(other => other.Role.Name != role.Name && selectors.Any(selector => selector.Matches(other.Labels)))
                    .OrderBy(static other => other.Role.Name.Name, StringComparer.Ordinal)
                    .SelectMany(static other => other.Document.ItemsAt("rules")).DistinctBy(static rule => rule.GetRawText()),
            ];
            JsonObject after = role.ToDocument();
            after["rules"] = new JsonArray([.. rules.Select(static rule => (JsonNode?)JsonObject.Create(rule))]);
            // Whoever is faster is seen by the watch.
            await objects.TryWriteAsync([new(role, after)], cancellationToken);
        }
    }

    static (StoredObject Role, TextMap Labels, JsonElement Document) Read(StoredObject role)
    {
        JsonElement document = JsonElement.Parse(role.Json.Span);
        return (role, Records.Metadata.Read(document).Labels, document);
    }
}
