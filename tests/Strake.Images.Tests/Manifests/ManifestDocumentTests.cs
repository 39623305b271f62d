using System.Text;

namespace Strake.Images.Tests;

public class ManifestDocumentTests
{
    const string Blob = "\"digest\":\"sha256:e6693c20186f837fc393390135d8a598a96a833917917789d63766cab6c59582\",\"size\":3";
    const string Config = "\"config\":{\"mediaType\":\"application/vnd.oci.image.config.v1+json\"," + Blob + "}";
    const string Layers = "\"layers\":[{\"mediaType\":\"application/vnd.oci.image.layer.v1.tar+gzip\"," + Blob + "}]";
    const string Manifests = "\"manifests\":[{\"mediaType\":\"application/vnd.oci.image.manifest.v1+json\"," + Blob + "}]";

    [Theory]
    [InlineData("{\"schemaVersion\":2," + Config + "," + Layers + "}", MediaTypes.OciManifest)]
    [InlineData("{\"schemaVersion\":2,\"mediaType\":\"application/vnd.docker.distribution.manifest.v2+json\"," + Config + "," + Layers + "}", MediaTypes.DockerManifest)]
    [InlineData("{\"schemaVersion\":2," + Manifests + "}", MediaTypes.OciIndex)]
    [InlineData("{\"schemaVersion\":2,\"mediaType\":\"application/vnd.docker.distribution.manifest.list.v2+json\"," + Manifests + "}", MediaTypes.DockerList)]
    public void The_four_kinds_are_told_apart(string json, string mediaType)
    {
        var document = Parse(json, mediaType);
        Assert.Equal(mediaType, document.MediaType);
        Assert.Equal(MediaTypes.IsIndex(mediaType), document is ImageIndex);
        Assert.Equal(document, document);
    }

    [Theory]
    [InlineData("{\"schemaVersion\":2," + Config + "," + Layers + "," + Manifests + "}", null, "both")]
    [InlineData("{\"schemaVersion\":2," + Manifests + ",\"layers\":[]}", null, "both")]
    [InlineData("{\"schemaVersion\":2," + Manifests + "," + Config + "}", null, "both")]
    [InlineData("{\"schemaVersion\":2,\"mediaType\":\"application/vnd.oci.image.index.v1+json\"," + Config + "," + Layers + "}", null, "does not agree")]
    [InlineData("{\"schemaVersion\":2,\"mediaType\":\"application/vnd.oci.image.manifest.v1+json\"," + Manifests + "}", null, "does not agree")]
    [InlineData("{\"schemaVersion\":2," + Manifests + "}", MediaTypes.OciManifest, "do not agree")]
    [InlineData("{\"schemaVersion\":2," + Config + "," + Layers + "}", MediaTypes.DockerList, "do not agree")]
    [InlineData("{\"schemaVersion\":2,\"mediaType\":\"application/vnd.oci.image.manifest.v1+json\"," + Config + "," + Layers + "}", MediaTypes.DockerManifest, "named as")]
    [InlineData("{\"schemaVersion\":2,\"mediaType\":\"text/html\"," + Config + "," + Layers + "}", null, "is no manifest's")]
    [InlineData("{\"schemaVersion\":1,\"fsLayers\":[]}", null, "schema 1")]
    [InlineData("{\"schemaVersion\":3," + Manifests + "}", null, "schemaVersion is 3")]
    [InlineData("{" + Manifests + "}", null, "schemaVersion is missing")]
    [InlineData("{\"schemaVersion\":2}", null, "neither")]
    [InlineData("{\"schemaVersion\":2," + Config + "}", null, "no \"layers\"")]
    [InlineData("{\"schemaVersion\":2,\"manifests\":[null]}", null, "null")]
    [InlineData("{\"schemaVersion\":2,\"manifests\":[{\"digest\":\"sha256:1\",\"size\":1}]}", null, "digest")]
    [InlineData("{\"schemaVersion\":2,\"manifests\":[{\"size\":1}]}", null, "digest")]
    [InlineData("{\"schemaVersion\":2,\"manifests\":[{\"digest\":\"sha256:e6693c20186f837fc393390135d8a598a96a833917917789d63766cab6c59582\",\"size\":-1}]}", null, "negative")]
    [InlineData("{\"schemaVersion\":2,\"manifests\":[{\"digest\":\"sha256:e6693c20186f837fc393390135d8a598a96a833917917789d63766cab6c59582\",\"size\":99999999999}]}", null, "the limit is")]
    [InlineData("{\"schemaVersion\":2,\"manifests\":[],\"manifests\":[]}", null, "")]
    [InlineData("{\"schemaVersion\":2," + Layers + ",\"config\":{\"mediaType\":\"application/vnd.oci.image.index.v1+json\"," + Blob + "}}", null, "is a manifest's")]
    [InlineData("null", null, "null")]
    public void A_hostile_manifest_is_refused(string json, string? mediaType, string fault)
    {
        var refused = Assert.Throws<StrakeException>(() => Parse(json, mediaType));
        Assert.Equal(ErrorKind.Invalid, refused.Kind);
        Assert.Contains(fault, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_only_looks_like_an_image_is_none()
    {
        var chart = (ImageManifest)Parse(
            "{\"schemaVersion\":2,\"config\":{\"mediaType\":\"application/vnd.cncf.helm.config.v1+json\"," + Blob + "}," + Layers + "}", mediaType: null);
        Assert.False(chart.IsImage);
    }

    static ManifestDocument Parse(string json, string? mediaType) => ManifestDocument.Parse(Encoding.UTF8.GetBytes(json), mediaType);
}
