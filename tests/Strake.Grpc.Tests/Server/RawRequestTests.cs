using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;

namespace Strake.Grpc.Tests.Server;

/// <summary>What the server says to requests that no client of ours makes.</summary>
public sealed class RawRequestTests
{
    readonly CancellationToken stop = TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("application/grpc", HttpStatusCode.OK)]
    [InlineData("application/grpc+proto", HttpStatusCode.OK)]
    [InlineData("application/grpc; charset=utf-8", HttpStatusCode.OK)]
    [InlineData("application/grpc-web", HttpStatusCode.UnsupportedMediaType)]
    [InlineData("application/json", HttpStatusCode.UnsupportedMediaType)]
    public async Task Only_grpc_is_answered(string contentType, HttpStatusCode status)
    {
        HttpResponseMessage response = await AskAsync([0, 0, 0, 0, 0], contentType);
        Assert.Equal(status, response.StatusCode);
    }

    [Fact]
    public async Task Compressed_messages_are_unimplemented() => Assert.Equal("12", await StatusAsync([1, 0, 0, 0, 1, 0]));

    [Fact]
    public async Task A_message_that_announces_too_much_is_refused_before_it_comes() => Assert.Equal("8", await StatusAsync([0, 0xFF, 0xFF, 0xFF, 0xFF]));

    [Fact]
    public async Task A_message_that_is_cut_off_is_an_error() => Assert.Equal("13", await StatusAsync([0, 0, 0, 0, 9, 65]));

    [Fact]
    public async Task A_call_without_its_message_is_an_error() => Assert.Equal("13", await StatusAsync([]));

    [Fact]
    public async Task A_call_with_two_messages_is_an_error() => Assert.Equal("13", await StatusAsync([0, 0, 0, 0, 0, 0, 0, 0, 0, 0]));

    [Fact]
    public async Task A_response_says_what_it_is_and_its_status_comes_last()
    {
        HttpResponseMessage response = await AskAsync([0, 0, 0, 0, 1, 65], "application/grpc");
        Assert.Equal("application/grpc", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal([0, 0, 0, 0, 1, 65], await response.Content.ReadAsByteArrayAsync(stop));
        Assert.Equal("0", Assert.Single(response.TrailingHeaders.GetValues("grpc-status")));
    }

    async Task<string> StatusAsync(byte[] body)
    {
        HttpResponseMessage response = await AskAsync(body, "application/grpc");
        return Assert.Single(response.Headers.GetValues("grpc-status"));
    }

    async Task<HttpResponseMessage> AskAsync(byte[] body, string contentType)
    {
        await using ServedCalls served = await ServedCalls.StartAsync(GrpcHandler.Unary(Methods.Ask, (request, _) => Task.FromResult(request)));
        using var client = new HttpMessageInvoker(new SocketsHttpHandler { ConnectCallback = async (_, _) => await served.ConnectAsync() });
        var request = new HttpRequestMessage(HttpMethod.Post, "http://localhost" + Methods.Ask.Path)
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(body),
        };
        request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);
        HttpResponseMessage response = await client.SendAsync(request, stop);
        await response.Content.LoadIntoBufferAsync(stop);
        return response;
    }
}
