using System.Text;

namespace Strake.Images.Tests;

public class ImageConfigTests
{
    const string Layer = "sha256:e6693c20186f837fc393390135d8a598a96a833917917789d63766cab6c59582";
    const string RootFs = "\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[\"" + Layer + "\"]}";

    [Fact]
    public void The_bytes_are_the_identity()
    {
        var bytes = Encoding.UTF8.GetBytes("{ \"x\" : [1,  2], " + RootFs + " }");
        var config = ImageConfig.Parse(bytes);
        Assert.Equal(Digest.Of(bytes), config.Id.Digest);
        Assert.Equal(bytes, config.Bytes.ToArray());
        Assert.Equal(Layer, Assert.Single(config.DiffIds).ToString());
    }

    [Fact]
    public void What_Docker_and_OCI_write_is_read()
    {
        var config = Parse($$"""
            {"architecture":"arm","os":"linux","variant":"v7","created":"2024-05-01T02:03:04.123456789Z","author":"me","docker_version":"28.5",
             "config":{"User":"1:2","ExposedPorts":{"80/tcp":{},"53/udp":{},"8000-8010":{} },"Env":["A=1","B=2=3","C="],"Entrypoint":["/e"],
              "Cmd":"one string","Volumes":{"/data":{},"/a b":null},"WorkingDir":"/w","Labels":{"a":"b"},"StopSignal":"SIGQUIT","StopTimeout":3,
              "Healthcheck":{"Test":["CMD","true"],"Interval":30000000000,"Retries":3},"ArgsEscaped":true,"OnBuild":["RUN x"],"Shell":["/bin/sh"],
              "Hostname":"h","AttachStdin":false,"Image":"x"},
             "history":[{"created":"2024-05-01T00:00:00+02:00","created_by":"a"},{"created_by":"b","empty_layer":true}], {{RootFs}} }
            """);
        Assert.Equal("linux/arm/v7", config.Platform.ToString());
        Assert.Equal(new DateTimeOffset(2024, 5, 1, 2, 3, 4, TimeSpan.Zero).AddTicks(1234567), config.CreatedAt);
        Assert.Equal("2024-05-01T02:03:04.123456789Z", config.Created);
        var defaults = config.Defaults!;
        Assert.Equal(["53/udp", "80/tcp", "8000-8010"], defaults.ExposedPorts!);
        Assert.Equal(["/a b", "/data"], defaults.Volumes!);
        Assert.Equal(["one string"], defaults.Cmd!);
        Assert.Equal(30_000_000_000, defaults.Healthcheck!.IntervalNanoseconds);
        Assert.Equal(["Hostname", "AttachStdin", "Image"], defaults.Other!.Keys);
        Assert.True(config.History![1].EmptyLayer);
        Assert.Equal(new DateTimeOffset(2024, 4, 30, 22, 0, 0, TimeSpan.Zero), config.History[0].CreatedAt);
    }

    [Fact]
    public void Casing_is_exact()
    {
        var config = Parse("{\"OS\":\"linux\",\"Config\":{\"Cmd\":[\"x\"]},\"config\":{\"cmd\":[\"y\"]}," + RootFs + "}");
        Assert.Null(config.Os);
        Assert.Null(config.Defaults!.Cmd);
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("null", "it is null")]
    [InlineData("[]", "")]
    [InlineData("\"x\"", "")]
    [InlineData("{", "")]
    [InlineData("{}", "no RootFS key")]
    [InlineData("{\"rootfs\":null}", "no RootFS key")]
    [InlineData("{\"rootfs\":{}}", "rootfs.type is null")]
    [InlineData("{\"rootfs\":{\"type\":\"windows\"}}", "rootfs.type is \"windows\"")]
    [InlineData("{\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[\"sha256:00\"]}}", "a digest must be")]
    [InlineData("{\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[\"../../etc/passwd\"]}}", "a digest must be")]
    [InlineData("{\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[null]}}", "a digest must be")]
    [InlineData("{\"os\":\"a\",\"os\":\"b\"," + RootFs + "}", "")]
    [InlineData("{\"config\":{\"Volumes\":{\"/a\":{},\"/a\":{}}}," + RootFs + "}", "stands twice")]
    [InlineData("{\"config\":{\"Volumes\":{\"/a/../../etc\":{}}}," + RootFs + "}", "no path within the image")]
    [InlineData("{\"config\":{\"Volumes\":{\"..\":{}}}," + RootFs + "}", "no path within the image")]
    [InlineData("{\"config\":{\"Volumes\":{\"\":{}}}," + RootFs + "}", "no path within the image")]
    [InlineData("{\"config\":{\"Volumes\":{\"/a\\u0000\":{}}}," + RootFs + "}", "no path within the image")]
    [InlineData("{\"config\":{\"Volumes\":{\"/a\":1}}," + RootFs + "}", "empty objects")]
    [InlineData("{\"config\":{\"Volumes\":[\"/a\"]}," + RootFs + "}", "must be an object")]
    [InlineData("{\"config\":{\"Cmd\":{}}," + RootFs + "}", "")]
    [InlineData("{\"config\":{\"Cmd\":[1]}," + RootFs + "}", "")]
    [InlineData("{\"config\":{\"Cmd\":[\"a\\u0000b\"]}," + RootFs + "}", "Cmd contains NUL")]
    [InlineData("{\"config\":{\"WorkingDir\":\"/\\u0000\"}," + RootFs + "}", "WorkingDir contains NUL")]
    [InlineData("{\"config\":{\"Env\":[\"=x\"]}," + RootFs + "}", "has no name")]
    [InlineData("{\"config\":{\"ExposedPorts\":{\"99999/tcp\":{}}}," + RootFs + "}", "is no port")]
    [InlineData("{\"config\":{\"ExposedPorts\":{\"80/icmp\":{}}}," + RootFs + "}", "is no port")]
    [InlineData("{\"config\":{\"ExposedPorts\":{\"90-80\":{}}}," + RootFs + "}", "is no port")]
    [InlineData("{\"config\":{\"Healthcheck\":{\"Interval\":-1}}," + RootFs + "}", "Healthcheck.Interval is negative")]
    [InlineData("{\"config\":{\"Healthcheck\":{\"Retries\":1e400}}," + RootFs + "}", "")]
    [InlineData("{\"config\":{\"StopTimeout\":-5}," + RootFs + "}", "StopTimeout: -5 is negative")]
    [InlineData("{\"created\":\"yesterday\"," + RootFs + "}", "is no RFC 3339 time")]
    [InlineData("{\"created\":\"2024-13-01T00:00:00Z\"," + RootFs + "}", "is no RFC 3339 time")]
    [InlineData("{\"history\":[{},{}]," + RootFs + "}", "too many non-empty layers in History section: 2, and 1 layers")]
    public void A_hostile_config_is_refused(string json, string fault)
    {
        var refused = Assert.Throws<StrakeException>(() => Parse(json));
        Assert.Equal(ErrorKind.Invalid, refused.Kind);
        Assert.Contains(fault, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void All_faults_are_reported_together()
    {
        var refused = Assert.Throws<StrakeException>(() => Parse(
            "{\"created\":\"x\",\"config\":{\"Env\":[\"=\"],\"Volumes\":{\"..\":{}},\"StopTimeout\":-9},\"rootfs\":{\"type\":\"x\"}}"));
        foreach (var fault in new[] { "rootfs.type", "created", "Env", "Volumes", "StopTimeout" })
            Assert.Contains(fault, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Sizes_are_bounded()
    {
        var tooLong = new byte[ImageLimits.DocumentBytes + 1];
        Assert.Equal(ErrorKind.TooLarge, Assert.Throws<StrakeException>(() => ImageConfig.Parse(tooLong)).Kind);
        var layers = string.Join(',', Enumerable.Repeat($"\"{Layer}\"", ImageLimits.Layers + 1));
        Assert.Throws<StrakeException>(() => Parse($$"""{"rootfs":{"type":"layers","diff_ids":[{{layers}}] } }"""));
        Assert.Throws<StrakeException>(() => Parse(new string('[', 100_000)));
        var many = string.Join(',', Enumerable.Repeat("\"=\"", 100_000));
        Assert.True(Assert.Throws<StrakeException>(() => Parse($$"""{"config":{"Env":[{{many}}]}, {{RootFs}} }""")).Message.Length < 4096);
    }

    [Theory]
    [InlineData("2024-05-01T02:03:04Z", true)]
    [InlineData("2024-05-01T02:03:04.5Z", true)]
    [InlineData("2024-05-01T02:03:04.123456789+05:30", true)]
    [InlineData("0001-01-01T00:00:00Z", true)]
    [InlineData("2024-05-01T02:03:04.Z", false)]
    [InlineData("2024-05-01T02:03:04", false)]
    [InlineData("2024-05-01 02:03:04Z", false)]
    [InlineData("2024-05-01T02:03:04+0530", false)]
    [InlineData("2024-05-01T02:03:04ZZ", false)]
    [InlineData("", false)]
    public void Times_are_RFC_3339(string text, bool expected) => Assert.Equal(expected, Rfc3339.TryParse(text, out _));

    static ImageConfig Parse(string json) => ImageConfig.Parse(Encoding.UTF8.GetBytes(json));
}
