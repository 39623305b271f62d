using System.Text;
using System.Text.Json.Nodes;

namespace Strake.Images.Tests;

/// <summary>Archives of one image in the forms that tools write.</summary>
static class TestArchives
{
    /// <summary>The forms by name, for theories.</summary>
    public static TheoryData<string> Forms { get; } = new("legacy", "links", "blobs", "oci", "oci-gzip", "oci-nested", "hybrid", "podman");

    public static TestTar Of(string form, TestImage image, params string[] tags) => form switch
    {
        "legacy" => Legacy(image, tags),
        "links" => Links(image, tags),
        "blobs" => Blobs([(image, tags)]),
        "oci" => Oci(image, tags),
        "oci-gzip" => Oci(image, tags, TestTar.Gzip),
        "oci-nested" => OciNested(image, tags),
        "hybrid" => Hybrid(image, tags),
        "podman" => Podman(image, tags),
        _ => throw new ArgumentOutOfRangeException(nameof(form), form, "unknown form"),
    };

    /// <summary>As docker save wrote before version 25: a folder a layer, config and manifest beside them.</summary>
    public static TestTar Legacy(TestImage image, params string[] tags)
    {
        var tar = new TestTar();
        foreach (var (index, layer) in image.Layers.Index())
            tar.Directory($"{Id(index)}/").File($"{Id(index)}/VERSION", "1.0").File($"{Id(index)}/json", "{}").File($"{Id(index)}/layer.tar", layer);
        return tar
            .File($"{image.Id.Digest.Hex}.json", image.Config)
            .File("manifest.json", Manifest([($"{image.Id.Digest.Hex}.json", tags, [.. image.Layers.Select((_, i) => $"{Id(i)}/layer.tar")])]))
            .File("repositories", """{"legacy":{"latest":"x"}}""");
    }

    /// <summary>As docker save wrote a layer that stands under two IDs: one of them is a link.</summary>
    public static TestTar Links(TestImage image, params string[] tags)
    {
        var tar = new TestTar();
        foreach (var (index, layer) in image.Layers.Index())
        {
            tar.File($"{Id(index)}/layer.tar", layer);
            tar.Link($"a{Id(index)}/layer.tar", $"../{Id(index)}/layer.tar");
        }

        return tar
            .File("config.json", image.Config)
            .File("manifest.json", Manifest([("config.json", tags, [.. image.Layers.Select((_, i) => $"a{Id(i)}/layer.tar")])]));
    }

    /// <summary>As docker save writes since version 25, without its index.</summary>
    public static TestTar Blobs(IReadOnlyList<(TestImage Image, string[] Tags)> images)
    {
        var tar = new TestTar().Directory("blobs/").Directory("blobs/sha256/");
        foreach (var blob in images.SelectMany(i => i.Image.Layers.Append(i.Image.Config)).DistinctBy(b => Digest.Of(b))) tar.File(Blob(blob), blob);
        return tar.File("manifest.json", Manifest([.. images.Select(i => (Blob(i.Image.Config), i.Tags, i.Image.Layers.Select(Blob).ToArray()))]));
    }

    public static TestTar Oci(TestImage image, string[] tags, Func<byte[], byte[]>? compress = null)
    {
        var (tar, manifest) = OciBlobs(image, compress);
        return tar.File("oci-layout", """{"imageLayoutVersion":"1.0.0"}""").File("index.json", Index(manifest, tags));
    }

    /// <summary>An index of platforms in the index, as buildx writes, with an attestation and a platform whose blobs are not there.</summary>
    public static TestTar OciNested(TestImage image, string[] tags)
    {
        var (tar, manifest) = OciBlobs(image, TestTar.Gzip);
        var attestation = Encoding.UTF8.GetBytes("""{"_type":"https://in-toto.io/Statement/v0.1"}""");
        var inner = Encoding.UTF8.GetBytes($$"""
            {"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[
              {{Descriptor(MediaTypes.OciManifest, Encoding.UTF8.GetBytes("other"), "\"platform\":{\"os\":\"linux\",\"architecture\":\"s390x\"}")}} ,
              {{Descriptor(MediaTypes.OciManifest, attestation, "\"platform\":{\"os\":\"unknown\",\"architecture\":\"unknown\"}")}},
              {{Descriptor(MediaTypes.OciManifest, manifest, "\"platform\":{\"os\":\"linux\",\"architecture\":\"amd64\"}")}}]}
            """);
        return tar.File(Blob(attestation), attestation).File(Blob(inner), inner).File("index.json", Index(inner, tags, MediaTypes.OciIndex));
    }

    /// <summary>Docker's and OCI's form over the same blobs.</summary>
    public static TestTar Hybrid(TestImage image, string[] tags)
    {
        var (tar, manifest) = OciBlobs(image, compress: null);
        return tar
            .File("index.json", Index(manifest, tags))
            .File("manifest.json", Manifest([(Blob(image.Config), tags, image.Layers.Select(Blob).ToArray())]))
            .File("oci-layout", """{"imageLayoutVersion":"1.0.0"}""");
    }

    /// <summary>As podman and skopeo write a docker-archive: layers named by their digest, the manifest first, compressed as a whole.</summary>
    public static TestTar Podman(TestImage image, string[] tags)
    {
        var tar = new TestTar().File("manifest.json", Manifest(
            [($"{image.Id.Digest.Hex}.json", tags, [.. image.Layers.Select(l => $"{Digest.Of(l).Hex}.tar")])]));
        tar.File($"{image.Id.Digest.Hex}.json", image.Config);
        foreach (var layer in image.Layers) tar.File($"{Digest.Of(layer).Hex}.tar", layer);
        return tar;
    }

    public static string Blob(byte[] content) => $"blobs/sha256/{Digest.Of(content).Hex}";

    public static byte[] Manifest(IReadOnlyList<(string Config, string[] Tags, string[] Layers)> images) =>
        Encoding.UTF8.GetBytes(new JsonArray(
        [
            .. images.Select(i => new JsonObject
            {
                ["Config"] = i.Config,
                ["RepoTags"] = i.Tags.Length == 0 ? null : new JsonArray([.. i.Tags.Select(t => JsonValue.Create(t))]),
                ["Layers"] = new JsonArray([.. i.Layers.Select(l => JsonValue.Create(l))]),
            }),
        ]).ToJsonString());

    public static string Descriptor(string mediaType, byte[] blob, string? more = null) =>
        $$"""{"mediaType":"{{mediaType}}","digest":"{{Digest.Of(blob)}}","size":{{blob.Length}}{{(more is null ? "" : "," + more)}}}""";

    static (TestTar Tar, byte[] Manifest) OciBlobs(TestImage image, Func<byte[], byte[]>? compress)
    {
        var layers = image.Layers.Select(l => compress is null ? l : compress(l)).ToList();
        var mediaType = compress is null ? MediaTypes.OciLayer : MediaTypes.OciLayer + "+gzip";
        var manifest = Encoding.UTF8.GetBytes($$"""
            {"schemaVersion":2,"mediaType":"{{MediaTypes.OciManifest}}","config":{{Descriptor(MediaTypes.OciConfig, image.Config)}},
             "layers":[{{string.Join(",", layers.Select(l => Descriptor(mediaType, l)))}}]}
            """);
        var tar = new TestTar();
        foreach (var blob in layers.Append(image.Config).Append(manifest).DistinctBy(b => Digest.Of(b))) tar.File(Blob(blob), blob);
        return (tar, manifest);
    }

    static byte[] Index(byte[] manifest, string[] tags, string mediaType = MediaTypes.OciManifest)
    {
        var entries = tags.Length == 0
            ? [Descriptor(mediaType, manifest)]
            : tags.Select(t => Descriptor(mediaType, manifest, $$"""
                "annotations":{"io.containerd.image.name":"{{ImageReference.Parse(t)}}","org.opencontainers.image.ref.name":"{{ImageReference.Parse(t).Tag}}"}
                """));
        return Encoding.UTF8.GetBytes($$"""{"schemaVersion":2,"mediaType":"{{MediaTypes.OciIndex}}","manifests":[{{string.Join(",", entries)}}]}""");
    }

    static string Id(int index) => new((char)('0' + (index % 10)), 64);
}
