namespace Strake.Grpc.Tests.Addresses;

/// <summary>How addresses are written.</summary>
public sealed class GrpcAddressTests
{
    [Theory]
    [InlineData("unix:///run/csi.sock", "unix:///run/csi.sock")]
    [InlineData("unix:/run/csi.sock", "unix:///run/csi.sock")]
    [InlineData("/run/csi.sock", "unix:///run/csi.sock")]
    [InlineData("tcp://127.0.0.1:10000", "tcp://127.0.0.1:10000")]
    [InlineData("127.0.0.1:10000", "tcp://127.0.0.1:10000")]
    [InlineData("tcp://:10000", "tcp://0.0.0.0:10000")]
    [InlineData("[::1]:80", "tcp://[::1]:80")]
    [InlineData("dns:///storage.example:443", "tcp://storage.example:443")]
    [InlineData("storage.example:443", "tcp://storage.example:443")]
    public void An_address_is_read_and_written(string text, string written)
    {
        GrpcAddress address = GrpcAddress.Parse(text);
        Assert.Equal(written, address.ToString());
        Assert.Equal(address, GrpcAddress.Parse(written));
    }

    [Theory]
    [InlineData("")]
    [InlineData("unix://")]
    [InlineData("unix://relative.sock")]
    [InlineData("unix:relative.sock")]
    [InlineData("/with\0zero")]
    [InlineData("tcp://127.0.0.1")]
    [InlineData("127.0.0.1:70000")]
    [InlineData("::1:80")]
    [InlineData("http://127.0.0.1:80")]
    [InlineData("a b:80")]
    public void What_is_no_address_is_refused_with_the_forms_that_are(string text)
    {
        FormatException error = Assert.Throws<FormatException>(() => GrpcAddress.Parse(text));
        Assert.Contains("unix:///", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_path_that_no_socket_can_have_is_refused()
    {
        Assert.Equal(107, GrpcAddress.Unix("/" + new string('a', 106)).SocketPath!.Length);
        Assert.Throws<FormatException>(() => GrpcAddress.Unix("/" + new string('ü', 54)));
    }
}
