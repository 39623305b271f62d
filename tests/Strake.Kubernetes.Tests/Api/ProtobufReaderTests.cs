using System.Text;
using System.Text.Json.Nodes;
using Strake.Kubernetes.Api;
using Strake.Kubernetes.Kinds;
using Strake.Kubernetes.Objects;

namespace Strake.Kubernetes.Tests.Api;

/// <summary>What kubectl sends as protobuf is what it would have sent as JSON.</summary>
public sealed class ProtobufReaderTests
{
    static readonly byte[] s_deployment = Document("apps/v1", "Deployment",
    [
        .. Record(1, [.. Text(1, "web"), .. Text(2, ""), .. Number(7, 0), .. Record(8, []), .. Entry(11, "app", "web")]),
        .. Record(2,
        [
            .. Number(1, 0),
            .. Record(3, [.. Record(1, [.. Number(7, 0), .. Entry(11, "app", "web")]), .. Record(2, Record(2, [.. Text(1, "main"), .. Text(2, "busybox")]))]),
            .. Number(5, 0),
            .. Number(7, 0),
        ]),
    ]);

    [Fact]
    public void Zeros_that_say_nothing_are_left_out_and_those_that_say_something_stay()
    {
        JsonObject read = Read(s_deployment);
        Assert.Equal("""{"app":"web"}""", read["metadata"]!["labels"]!.ToJsonString());
        Assert.Equal("""{"labels":{"app":"web"}}""", read["spec"]!["template"]!["metadata"]!.ToJsonString());
        Assert.Equal(0, read["spec"]!["replicas"]!.GetValue<long>());
        Assert.False(read["spec"]!.AsObject().ContainsKey("minReadySeconds"));
        Assert.False(read["spec"]!.AsObject().ContainsKey("paused"));
    }

    [Theory]
    [InlineData(long.MaxValue)]
    [InlineData(long.MinValue)]
    public void A_time_that_no_calendar_has_is_refused(long seconds)
    {
        byte[] body = Document("apps/v1", "Deployment", Record(1, Record(8, Number(1, (ulong)seconds))));
        Assert.Equal("BadRequest", Assert.Throws<StatusException>(() => Read(body)).Status.Reason);
    }

    [Fact]
    public void Records_within_records_have_an_end()
    {
        byte[] inner = [];
        for (int i = 0; i < 10_000 && inner.Length < 1 << 20; i++) inner = Record(3, inner);
        Read(Document("apps/v1", "Deployment", Record(2, inner)));
    }

    [Fact]
    public void Whatever_is_changed_in_a_document_it_is_read_or_refused()
    {
        var random = new Random(1);
        int refused = 0;
        for (int round = 0; round < 20_000; round++)
        {
            byte[] body = [.. s_deployment];
            for (int change = random.Next(1, 4); change > 0; change--) body[random.Next(4, body.Length)] = (byte)random.Next(256);
            try
            {
                Read(body.AsSpan(0, random.Next(4) == 0 ? random.Next(body.Length) : body.Length));
            }
            catch (StatusException)
            {
                refused++;
            }
        }

        Assert.InRange(refused, 1, 19_999);
    }

    static JsonObject Read(ReadOnlySpan<byte> body) => ProtobufReader.Read(body, WorkloadSchema.Deployment);

    static byte[] Document(string version, string kind, byte[] content) =>
        [.. "k8s\0"u8, .. Record(1, [.. Text(1, version), .. Text(2, kind)]), .. Record(2, content)];

    static byte[] Entry(int number, string key, string value) => Record(number, [.. Text(1, key), .. Text(2, value)]);

    static byte[] Text(int number, string text) => Record(number, Encoding.UTF8.GetBytes(text));

    static byte[] Record(int number, byte[] content) => [.. Varint((ulong)(number << 3 | 2)), .. Varint((ulong)content.Length), .. content];

    static byte[] Number(int number, ulong value) => [.. Varint((ulong)(number << 3)), .. Varint(value)];

    static byte[] Varint(ulong value)
    {
        var bytes = new List<byte>();
        for (; value >= 0x80; value >>= 7) bytes.Add((byte)(value | 0x80));
        bytes.Add((byte)value);
        return [.. bytes];
    }
}
