# The image of patless: one static executable and nothing else. `make image` builds it, after the executable.
FROM scratch
ARG VERSION
ARG REVISION
LABEL org.opencontainers.image.title="patless" \
      org.opencontainers.image.description="Keeps static Git credentials out of clusters that run Flux on Azure" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
COPY --chmod=0555 patless /patless
USER 65532:65532
EXPOSE 9443 8080
ENTRYPOINT ["/patless"]
CMD ["serve"]
