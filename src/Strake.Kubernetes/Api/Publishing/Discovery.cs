using System.Text.Json;
using Strake.Kubernetes.Kinds;
using Strake.Kubernetes.Objects;

namespace Strake.Kubernetes.Api;

/// <summary>Tells clients which kinds there are, in the old form (a document a group) and the new one (all at once).</summary>
/// <param name="kinds">The kinds.</param>
public sealed class Discovery(KindCatalog kinds)
{
    /// <summary>What can be done with objects of every kind.</summary>
    static readonly string[] s_verbs = ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"];

    // Kinds that are asked, not kept.
    static readonly (GroupVersion Version, string Plural, string Kind)[] s_reviews =
    [
        (new("authentication.k8s.io", "v1"), "selfsubjectreviews", "SelfSubjectReview"),
        (new("authorization.k8s.io", "v1"), "selfsubjectaccessreviews", "SelfSubjectAccessReview"),
        (new("authorization.k8s.io", "v1"), "selfsubjectrulesreviews", "SelfSubjectRulesReview"),
    ];

    /// <summary>The groups with their versions, but for the core group.</summary>
    public IEnumerable<GroupVersion> Groups => kinds.GroupVersions.Concat(s_reviews.Select(static review => review.Version)).Where(static version => version.Group.Length > 0).Distinct();

    /// <summary>Whether there is a group of that version; the empty group is the core group.</summary>
    public bool Has(GroupVersion version) => kinds.GroupVersions.Concat(s_reviews.Select(static review => review.Version)).Contains(version);

    /// <summary>Writes <c>/api</c>.</summary>
    public static void WriteCoreVersions(Utf8JsonWriter writer, string address)
    {
        writer.WriteStartObject();
        writer.WriteString("kind", "APIVersions");
        writer.WriteStartArray("versions");
        writer.WriteStringValue("v1");
        writer.WriteEndArray();
        writer.WriteStartArray("serverAddressByClientCIDRs");
        writer.WriteStartObject();
        writer.WriteString("clientCIDR", "0.0.0.0/0");
        writer.WriteString("serverAddress", address);
        writer.WriteEndObject();
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    /// <summary>Writes <c>/apis</c>.</summary>
    public void WriteGroups(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("kind", "APIGroupList");
        writer.WriteString("apiVersion", "v1");
        writer.WriteStartArray("groups");
        foreach (IGrouping<string, GroupVersion> group in Groups.GroupBy(static version => version.Group)) WriteGroup(writer, group, isAlone: false);
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    /// <summary>Writes <c>/apis/&lt;group&gt;</c>.</summary>
    /// <exception cref="StatusException">NotFound.</exception>
    public void WriteGroup(Utf8JsonWriter writer, string group) => WriteGroup(
        writer, Groups.GroupBy(static version => version.Group).FirstOrDefault(one => one.Key == group) ?? throw StatusException.NoSuchPath(), isAlone: true);

    /// <summary>Writes <c>/api/v1</c> and <c>/apis/&lt;group&gt;/&lt;version&gt;</c>.</summary>
    public void WriteResources(Utf8JsonWriter writer, GroupVersion version)
    {
        writer.WriteStartObject();
        writer.WriteString("kind", "APIResourceList");
        writer.WriteString("apiVersion", "v1");
        writer.WriteString("groupVersion", version.ToString());
        writer.WriteStartArray("resources");
        foreach (ResourceKind kind in KindsOf(version))
        {
            WriteResource(writer, kind, "");
            foreach (string subresource in SubresourcesOf(kind)) WriteResource(writer, kind, subresource);
        }

        foreach ((_, string plural, string kind) in s_reviews.Where(review => review.Version == version))
        {
            writer.WriteStartObject();
            writer.WriteString("name", plural);
            writer.WriteString("singularName", kind.ToLowerInvariant());
            writer.WriteBoolean("namespaced", false);
            writer.WriteString("kind", kind);
            WriteTexts(writer, "verbs", ["create"]);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    /// <summary>Writes <c>/api</c> (the core group) or <c>/apis</c> (the others) in the new form.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="isCore">Whether it is the core group.</param>
    /// <param name="version">The version of the form: <c>v2</c> or <c>v2beta1</c>.</param>
    public void WriteAggregated(Utf8JsonWriter writer, bool isCore, string version)
    {
        writer.WriteStartObject();
        writer.WriteString("kind", "APIGroupDiscoveryList");
        writer.WriteString("apiVersion", $"apidiscovery.k8s.io/{version}");
        writer.WriteStartObject("metadata");
        writer.WriteEndObject();
        writer.WriteStartArray("items");
        IEnumerable<GroupVersion> versions = isCore ? [new GroupVersion("", "v1")] : Groups;
        foreach (IGrouping<string, GroupVersion> group in versions.GroupBy(static one => one.Group))
        {
            writer.WriteStartObject();
            writer.WriteStartObject("metadata");
            if (group.Key.Length > 0) writer.WriteString("name", group.Key);
            writer.WriteNull("creationTimestamp");
            writer.WriteEndObject();
            writer.WriteStartArray("versions");
            foreach (GroupVersion one in group) WriteVersion(writer, one);
            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    void WriteVersion(Utf8JsonWriter writer, GroupVersion version)
    {
        writer.WriteStartObject();
        writer.WriteString("version", version.Version);
        writer.WriteStartArray("resources");
        foreach (ResourceKind kind in KindsOf(version)) WriteDiscovered(writer, kind);
        foreach ((_, string plural, string kind) in s_reviews.Where(review => review.Version == version))
        {
            writer.WriteStartObject();
            writer.WriteString("resource", plural);
            WriteResponseKind(writer, version, kind);
            writer.WriteString("scope", "Cluster");
            writer.WriteString("singularResource", kind.ToLowerInvariant());
            WriteTexts(writer, "verbs", ["create"]);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteString("freshness", "Current");
        writer.WriteEndObject();
    }

    static void WriteDiscovered(Utf8JsonWriter writer, ResourceKind kind)
    {
        writer.WriteStartObject();
        writer.WriteString("resource", kind.Plural);
        WriteResponseKind(writer, kind.GroupVersion, kind.Kind);
        writer.WriteString("scope", kind.IsNamespaced ? "Namespaced" : "Cluster");
        writer.WriteString("singularResource", kind.Singular);
        WriteTexts(writer, "verbs", s_verbs);
        if (kind.ShortNames.Count > 0) WriteTexts(writer, "shortNames", kind.ShortNames);
        if (kind.Categories.Count > 0) WriteTexts(writer, "categories", kind.Categories);
        if (SubresourcesOf(kind).Any())
        {
            writer.WriteStartArray("subresources");
            foreach (string subresource in SubresourcesOf(kind))
            {
                writer.WriteStartObject();
                writer.WriteString("subresource", subresource);
                (GroupVersion version, string name) = TypeOf(kind, subresource);
                WriteResponseKind(writer, version, name);
                WriteTexts(writer, "verbs", ["get", "patch", "update"]);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    }

    static void WriteResponseKind(Utf8JsonWriter writer, GroupVersion version, string kind)
    {
        writer.WriteStartObject("responseKind");
        writer.WriteString("group", version.Group);
        writer.WriteString("version", version.Version);
        writer.WriteString("kind", kind);
        writer.WriteEndObject();
    }

    static void WriteResource(Utf8JsonWriter writer, ResourceKind kind, string subresource)
    {
        bool isWhole = subresource.Length == 0;
        (GroupVersion version, string name) = TypeOf(kind, subresource);
        writer.WriteStartObject();
        writer.WriteString("name", isWhole ? kind.Plural : $"{kind.Plural}/{subresource}");
        writer.WriteString("singularName", isWhole ? kind.Singular : "");
        writer.WriteBoolean("namespaced", kind.IsNamespaced);
        if (version != kind.GroupVersion)
        {
            writer.WriteString("group", version.Group);
            writer.WriteString("version", version.Version);
        }

        writer.WriteString("kind", name);
        WriteTexts(writer, "verbs", isWhole ? s_verbs : ["get", "patch", "update"]);
        if (isWhole && kind.ShortNames.Count > 0) WriteTexts(writer, "shortNames", kind.ShortNames);
        if (isWhole && kind.Categories.Count > 0) WriteTexts(writer, "categories", kind.Categories);
        writer.WriteEndObject();
    }

    static (GroupVersion Version, string Kind) TypeOf(ResourceKind kind, string subresource) =>
        subresource == "scale" ? (new GroupVersion("autoscaling", "v1"), "Scale") : (kind.GroupVersion, kind.Kind);

    static IEnumerable<string> SubresourcesOf(ResourceKind kind)
    {
        if (kind.HasStatus) yield return "status";
        if (kind.HasScale) yield return "scale";
        foreach (string stream in kind.Streams) yield return stream;
    }

    IEnumerable<ResourceKind> KindsOf(GroupVersion version) => kinds.All.Where(kind => kind.GroupVersion == version);

    static void WriteGroup(Utf8JsonWriter writer, IGrouping<string, GroupVersion> group, bool isAlone)
    {
        writer.WriteStartObject();
        if (isAlone)
        {
            writer.WriteString("kind", "APIGroup");
            writer.WriteString("apiVersion", "v1");
        }

        writer.WriteString("name", group.Key);
        writer.WriteStartArray("versions");
        foreach (GroupVersion version in group) WriteVersionName(writer, version);
        writer.WriteEndArray();
        writer.WritePropertyName("preferredVersion");
        WriteVersionName(writer, group.First());
        writer.WriteEndObject();
    }

    static void WriteVersionName(Utf8JsonWriter writer, GroupVersion version)
    {
        writer.WriteStartObject();
        writer.WriteString("groupVersion", version.ToString());
        writer.WriteString("version", version.Version);
        writer.WriteEndObject();
    }

    static void WriteTexts(Utf8JsonWriter writer, string name, IEnumerable<string> texts)
    {
        writer.WriteStartArray(name);
        foreach (string text in texts) writer.WriteStringValue(text);
        writer.WriteEndArray();
    }
}
